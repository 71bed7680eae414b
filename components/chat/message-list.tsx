'use client';

import type { UIMessage } from 'ai';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { WaitingIndicator } from '@/components/chat/assistant-parts';
import type { SelectBranch } from '@/components/chat/branch-picker';
import { UnansweredNotice } from '@/components/chat/composer-notices';
import { Message, type MessageActions, type MessageProps } from '@/components/chat/message';
import { MessageOverlay, type Overlay } from '@/components/chat/message-overlay';
import type { UseConversationResult } from '@/lib/client/chat/conversation';
import { textOfMessage } from '@/lib/client/chat/message-view';
import type { MessageEdit } from '@/lib/client/chat/use-message-edit';
import { useMessageWindow } from '@/lib/client/chat/use-message-window';
import { messageElementId, useScrollToMessage } from '@/lib/client/chat/use-scroll-to-message';

/** Delay before code for printing is loaded, so that it does not compete with the page itself. */
const PRINT_PREPARATION_DELAY_MS = 2_000;

type MessageListProps = {
  messages: UIMessage[];
  status: UseConversationResult['status'];
  /** The chat is no longer available, so nothing can be sent. */
  isReadOnly: boolean;
  siblings: UseConversationResult['siblings'];
  edit: MessageEdit;
  onFork: (messageId: string) => void;
} & Pick<MessageProps, 'modelName'> &
  Pick<UseConversationResult, 'selectBranch' | 'deleteBranch' | 'regenerate' | 'continueAnswer'>;

/** The messages, from the end of the conversation back to where the user has scrolled. */
export const MessageList = memo(function MessageList({
  messages,
  status,
  isReadOnly,
  siblings,
  edit,
  modelName,
  onFork,
  selectBranch: onSelectBranch,
  deleteBranch,
  regenerate,
  continueAnswer,
}: MessageListProps) {
  const { count, sentinel, renderFrom } = useMessageWindow(messages.length);
  usePrintedFormulas(messages, messages.length - count);
  useScrollToMessage(messages, renderFrom);
  const selectBranch = useSelectBranchAndFocus(messages, onSelectBranch);
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const overlayMessage = overlay && messages.find(({ id }) => id === overlay.messageId);
  const closeOverlay = useCallback(() => setOverlay(null), []);
  const { start: startEdit } = edit;
  const actions: MessageActions = useMemo(
    () => ({
      selectBranch,
      startEdit,
      regenerate: (messageId) => regenerate({ messageId }),
      continueAnswer,
      fork: onFork,
      toggleOverlay: (kind, messageId, anchor) =>
        setOverlay((open) =>
          open?.kind === kind && open.messageId === messageId ? null : { kind, messageId, anchor },
        ),
    }),
    [selectBranch, startEdit, regenerate, continueAnswer, onFork],
  );
  const last = messages.at(-1);
  const isAwaitingAnswer = status !== 'ready' && last?.role === 'user';
  const hasNoAnswer = status === 'ready' && last?.role === 'user' && !isReadOnly;
  return (
    <>
      <div ref={sentinel} aria-hidden="true" />
      {messages.slice(messages.length - count).map((message) => (
        <Message
          key={message.id}
          message={message}
          isLast={message === last && !isReadOnly}
          running={message === last && status !== 'ready' && message.role === 'assistant'}
          waiting={message === last && status === 'waiting'}
          siblings={siblings.get(message.id)}
          isReadOnly={isReadOnly}
          openOverlay={overlay?.messageId === message.id ? overlay.kind : null}
          edit={edit.messageId === message.id ? edit : null}
          modelName={modelName}
          actions={actions}
        />
      ))}
      {overlay && overlayMessage && (
        <MessageOverlay
          key={`${overlay.kind} ${overlay.messageId}`}
          kind={overlay.kind}
          message={overlayMessage}
          anchor={overlay.anchor}
          modelName={modelName}
          onRegenerateWith={
            overlayMessage.role === 'assistant'
              ? (modelRef) => regenerate({ messageId: overlay.messageId, modelRef })
              : undefined
          }
          onDelete={
            siblings.has(overlay.messageId) ? () => deleteBranch(overlay.messageId) : undefined
          }
          onClose={closeOverlay}
        />
      )}
      {isAwaitingAnswer && (
        <article aria-label="Assistant" aria-busy="true">
          <WaitingIndicator />
        </article>
      )}
      {hasNoAnswer && <UnansweredNotice onRegenerate={() => regenerate()} />}
    </>
  );
});

/**
 * Prepares the formulas of earlier messages. Those are rendered only for printing, which does not
 * wait for formulas.
 */
function usePrintedFormulas(messages: readonly UIMessage[], hiddenCount: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: hidden messages do not change
  useEffect(() => {
    if (hiddenCount === 0) return;
    const timer = setTimeout(() => {
      import('@/lib/client/markdown/print-formulas').then(
        ({ preparePrint }) => preparePrint(messages.slice(0, hiddenCount).map(textOfMessage)),
        () => {}, // Formulas are then printed as source.
      );
    }, PRINT_PREPARATION_DELAY_MS);
    return () => clearTimeout(timer);
  }, [hiddenCount]);
}

/** Selects a branch, then focuses the same button of the message that is displayed instead. */
function useSelectBranchAndFocus(
  messages: readonly UIMessage[],
  onSelectBranch: UseConversationResult['selectBranch'],
): SelectBranch {
  const pendingFocus = useRef<Parameters<SelectBranch> | null>(null);
  useEffect(() => {
    const [messageId, , label] = pendingFocus.current ?? [];
    if (!messages.some(({ id }) => id === messageId)) return;
    pendingFocus.current = null;
    // Unless the user has focused something else meanwhile.
    if (document.activeElement !== document.body) return;
    const row = document.getElementById(messageElementId(messageId as string));
    row?.querySelector<HTMLElement>(`[aria-label="${label}"]`)?.focus({ preventScroll: true });
  }, [messages]);
  return useCallback(
    (...selection) => {
      pendingFocus.current = selection;
      const [messageId, replacedId] = selection;
      onSelectBranch(messageId, replacedId);
    },
    [onSelectBranch],
  );
}
