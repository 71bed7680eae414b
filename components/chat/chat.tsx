'use client';

import { type ComponentProps, lazy, memo, useCallback, useEffect, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { SWRConfig } from 'swr';
import { Conversation } from '@/components/chat/conversation';
import { InstructionsButton } from '@/components/chat/instructions-button';
import { DocumentPanelSlot } from '@/components/documents/document-panel-slot';
import { DocumentsButton } from '@/components/documents/documents-button';
import { ModelPicker } from '@/components/models/model-picker';
import { ChatHeader } from '@/components/shell/chat-header';
import { Button } from '@/components/ui/button';
import { LazySection } from '@/components/ui/lazy-section';
import { Notice } from '@/components/ui/notice';
import { toast } from '@/lib/client/browser/toast';
import { useProvideModelCommands } from '@/lib/client/chat/chat-commands';
import type { SendOutcome } from '@/lib/client/chat/chat-request';
import { DraftNameContext } from '@/lib/client/chat/draft/draft-name-context';
import { NEW_CHAT_DRAFT_NAME } from '@/lib/client/chat/draft/draft-store';
import { saveChatSettings, useChatSettings } from '@/lib/client/chat/use-chat-settings';
import { createDocumentStore } from '@/lib/client/documents/document-store';
import { DocumentStoreContext } from '@/lib/client/documents/document-store-context';
import { canOpenUnprompted } from '@/lib/client/documents/panel-focus';
import { useHistory } from '@/lib/client/history/use-history';
import type { RequestError } from '@/lib/client/http/request-error';
import { useModelRef, useModels } from '@/lib/client/models/use-models';
import type { ChatDetail } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';

const TemporaryChatSwitch = lazy(() => import('@/components/chat/temporary-chat-switch'));
const TemporaryChatBar = lazy(() => import('@/components/chat/temporary-chat-bar'));
const TEMPORARY_TITLE = 'Temporary chat';

/** useChat creates a new list for each change, so SWR does not need to compare deeply. */
const COMPARE_BY_IDENTITY = { compare: Object.is };
const NO_MESSAGES: StoredMessage[] = [];

type ChatProps = {
  chatId: string;
  /** The server's chat; undefined for a new one. */
  detail?: ChatDetail;
};

/** A whole chat: header, conversation, document panel. Use the chat's id as its key. */
export const Chat = memo(function Chat({ chatId, detail }: ChatProps) {
  const chatSettings = useChatSettings(chatId, detail?.chat);
  const { settings, isStored, getNewChatSettings, onSendFinished } = chatSettings;
  /** The chosen model until the chat has stored it. */
  const [pickedModelRef, setPickedModelRef] = useState<string | null>(null);
  const [documentStore] = useState(() => createDocumentStore(canOpenUnprompted));
  const modelRef = useModelRef(pickedModelRef ?? settings.modelRef);
  const modelName = useModelName();
  const draftName = isStored ? chatId : NEW_CHAT_DRAFT_NAME;

  const onFinished = useCallback(
    (outcome: SendOutcome, hasNavigatedAway: boolean) => {
      onSendFinished(outcome, modelRef);
      if (outcome === 'rejected' || hasNavigatedAway) return;
      // Changes the URL to the chat's without a page load, because an answer is streaming. Back
      // leads to the home page.
      if (location.pathname === '/') history.pushState(null, '', `/chat/${chatId}`);
    },
    [chatId, onSendFinished, modelRef],
  );

  function pickModel(ref: string) {
    setPickedModelRef(ref);
    if (!isStored) return;
    saveChatSettings(chatId, { modelRef: ref }).then(
      () => setPickedModelRef((picked) => (picked === ref ? null : picked)),
      (error: RequestError) => toast.error(error.message),
    );
  }

  useProvideModelCommands(modelRef, pickModel);

  return (
    <DraftNameContext value={draftName}>
      <DocumentStoreContext value={documentStore}>
        <div className="print-expanded flex min-h-0 flex-1">
          <div className="print-expanded flex min-w-0 flex-1 flex-col">
            <ChatTitleHeader
              chatId={chatId}
              initialTitle={settings.temporary ? TEMPORARY_TITLE : detail?.chat.title}
              model={<ModelPicker value={modelRef} onChange={pickModel} />}
            >
              {!isStored && (
                <LazySection>
                  <TemporaryChatSwitch chat={chatSettings} />
                </LazySection>
              )}
              <DocumentsButton chatId={chatId} messages={detail?.messages ?? NO_MESSAGES} />
              <InstructionsButton chat={chatSettings} />
            </ChatTitleHeader>
            {settings.temporary && (
              <LazySection>
                <TemporaryChatBar chatId={chatId} isStored={isStored} />
              </LazySection>
            )}
            <ErrorBoundary FallbackComponent={ConversationError}>
              <SWRConfig value={COMPARE_BY_IDENTITY}>
                <Conversation
                  chatId={chatId}
                  initialMessages={detail?.messages ?? NO_MESSAGES}
                  updatedAt={detail?.chat.updatedAt ?? null}
                  hasQueue={detail?.hasQueue ?? false}
                  modelRef={modelRef}
                  getNewChatSettings={getNewChatSettings}
                  onSendFinished={onFinished}
                  draftName={draftName}
                  modelName={modelName}
                />
              </SWRConfig>
            </ErrorBoundary>
          </div>
          <DocumentPanelSlot chatId={chatId} />
        </div>
      </DocumentStoreContext>
    </DraftNameContext>
  );
});

/** A component of its own, so that only the header re-renders when the history changes. */
function ChatTitleHeader({
  chatId,
  initialTitle,
  ...header
}: {
  chatId: string;
  initialTitle: string | undefined;
} & Pick<ComponentProps<typeof ChatHeader>, 'model' | 'children'>) {
  const { chats } = useHistory();
  const title = chats.find(({ id }) => id === chatId)?.title ?? initialTitle;
  useEffect(() => {
    // Without a title, resets the title of the previous chat on the same page.
    document.title = title ? `${title} · Throughline` : 'Throughline';
  }, [title]);
  return <ChatHeader title={title} {...header} />;
}

function useModelName(): (ref: string) => string {
  const { models } = useModels();
  return useCallback(
    // For a model that is no longer listed, returns the part of the ref after the endpoint.
    (ref) => models.find((model) => model.ref === ref)?.name ?? ref.slice(ref.indexOf('/') + 1),
    [models],
  );
}

function ConversationError() {
  return (
    <Notice
      title="Couldn’t display this chat"
      actions={<Button onClick={() => location.reload()}>Reload</Button>}
    >
      This page ran into an error. Nothing is lost: the chat is stored on the server.
    </Notice>
  );
}
