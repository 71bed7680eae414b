'use client';

import { ArrowDown } from 'lucide-react';
import { lazy, useCallback, useEffect, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { AnswerAnnouncer } from '@/components/chat/answer-announcer';
import { loadToolCall } from '@/components/chat/assistant-parts';
import { Composer } from '@/components/chat/composer';
import { ErrorNotice, ReconnectingNotice, UnsavedNotice } from '@/components/chat/composer-notices';
import { MessageList } from '@/components/chat/message-list';
import { QuoteBubbleLoader } from '@/components/chat/quote-bubble-loader';
import { StreamEventHandler } from '@/components/chat/stream-event-handler';
import { Button } from '@/components/ui/button';
import { LazySection } from '@/components/ui/lazy-section';
import { useStickToEnd } from '@/lib/client/browser/use-stick-to-end';
import { AwaitedModelContext } from '@/lib/client/chat/awaited-model-context';
import { useProvideAnswerCommands } from '@/lib/client/chat/chat-commands';
import type { ConversationOptions } from '@/lib/client/chat/conversation';
import { canContinue, textOfMessage } from '@/lib/client/chat/message-view';
import { takeContinueRequest } from '@/lib/client/chat/pending-continue';
import { RELOAD_DEMO_PROMPT } from '@/lib/client/chat/reload-demo-prompt';
import { useConversation } from '@/lib/client/chat/use-conversation';
import { useForkChat } from '@/lib/client/chat/use-fork-chat';
import { useMessageEdit } from '@/lib/client/chat/use-message-edit';
import { useDocumentStore } from '@/lib/client/documents/document-store-context';

// Not part of the initial bundle; without it a new chat still has its message box.
const ChatUnavailableNotice = lazy(() => import('@/components/chat/chat-unavailable-notice'));
const EmptyChat = lazy(() => import('@/components/chat/empty-chat'));
const QueuedMessages = lazy(() => import('@/components/chat/queued-messages'));
const StartingPoints = lazy(() => import('@/components/chat/starting-points'));
const ReloadDemo = lazy(() => import('@/components/chat/reload-demo'));

type ConversationProps = ConversationOptions & {
  draftName: string;
  modelName: (ref: string) => string;
};

/** The messages, the handling of stream events, and the message box. */
export function Conversation({ draftName, modelName, ...options }: ConversationProps) {
  const { messages, status, errorMessage, unavailableReason, streamEvents, ...chat } =
    useConversation(options);
  // A new chat starts at its top, also in a small viewport.
  const { scrollRef, contentRef, isAtEnd, scrollToEnd } = useStickToEnd(
    options.initialMessages.length > 0,
  );
  const { send } = chat;
  const sendAndScrollToEnd = useCallback(
    (text: string) => {
      scrollToEnd();
      // The answer may contain the first one of this page. Without it the rest is displayed.
      loadToolCall().catch(() => {});
      return send(text);
    },
    [send, scrollToEnd],
  );
  const edit = useMessageEdit(chat.edit);
  const fork = useForkChat(options.chatId);
  const lastUserMessageId = messages.findLast(({ role }) => role === 'user')?.id;
  const { start: startEdit } = edit;
  const editLast = useCallback(() => {
    if (lastUserMessageId) startEdit(lastUserMessageId);
  }, [lastUserMessageId, startEdit]);
  const { continueAnswer } = chat;
  const last = messages.at(-1);
  useEffect(() => {
    if (takeContinueRequest(options.chatId) && last && canContinue(last)) continueAnswer();
  }, [options.chatId, last, continueAnswer]);
  const { setAnswerControl } = useDocumentStore();
  const { stop, stopping, awaitedModelRef } = chat;
  const awaitedModel = useCallback(() => {
    const ref = awaitedModelRef();
    return ref && modelName(ref);
  }, [awaitedModelRef, modelName]);
  const busy = status !== 'ready';
  useEffect(() => {
    setAnswerControl(busy ? { stop, stopping } : null);
  }, [setAnswerControl, busy, stop, stopping]);
  /** Whether queued messages are about to be sent; what is written then is queued after them. */
  const [hasWaiting, setHasWaiting] = useState(false);
  useProvideAnswerCommands(messages, busy ? stop : null);
  const isEmpty = messages.length === 0 && status === 'ready';
  const [userMessage, answer] = messages.slice(-2);
  const isReloadDemo =
    userMessage?.role === 'user' && textOfMessage(userMessage) === RELOAD_DEMO_PROMPT;

  return (
    <div className="print-expanded relative flex min-h-0 min-w-0 flex-1 flex-col">
      {/* Every request starts without events, which resets the boundary after an error. */}
      <ErrorBoundary fallback={null} resetKeys={[streamEvents === undefined]}>
        <StreamEventHandler
          chatId={options.chatId}
          streamEvents={streamEvents}
          running={status !== 'ready'}
          isRealtime={chat.startedHere}
        />
      </ErrorBoundary>
      <div
        ref={scrollRef}
        data-scroller=""
        className="print-expanded flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain"
      >
        {/* Not a live region: screen readers would read every chunk of a streaming answer. */}
        <div
          ref={contentRef}
          role="log"
          aria-label="Conversation"
          aria-live="off"
          className={
            isEmpty
              ? 'mt-auto pt-3'
              : 'mx-auto flex w-full max-w-column flex-col gap-6 px-4 pt-3 pb-10 sm:px-6'
          }
        >
          {isEmpty ? (
            <LazySection>
              <EmptyChat />
            </LazySection>
          ) : (
            <AwaitedModelContext value={awaitedModel}>
              <MessageList
                messages={messages}
                status={status}
                isReadOnly={unavailableReason !== null}
                siblings={chat.siblings}
                edit={edit}
                modelName={modelName}
                onFork={fork}
                selectBranch={chat.selectBranch}
                deleteBranch={chat.deleteBranch}
                regenerate={chat.regenerate}
                continueAnswer={continueAnswer}
              />
            </AwaitedModelContext>
          )}
        </div>
        {/* A server-rendered page starts at its end before any script has run. */}
        {!isEmpty && (
          <div
            aria-hidden="true"
            className="-mt-px h-px shrink-0 [scroll-initial-target:nearest]"
          />
        )}
      </div>
      {!unavailableReason && <QuoteBubbleLoader />}
      <AnswerAnnouncer messages={messages} status={status} />
      {/* The text fades out above the message box instead of running under it. */}
      <div className="relative shrink-0 print:hidden before:pointer-events-none before:absolute before:inset-x-0 before:-top-6 before:h-6 before:bg-linear-to-t before:from-background before:to-transparent">
        {!isAtEnd && !isEmpty && (
          <Button
            variant="outline"
            size="icon-sm"
            aria-label="Scroll to the end"
            onClick={scrollToEnd}
            className="absolute -top-11 left-1/2 -translate-x-1/2 animate-fade-in rounded-full bg-background shadow-popover"
          >
            <ArrowDown />
          </Button>
        )}
        {(errorMessage || chat.reconnecting || chat.unsaved) && (
          <div className="mx-auto w-full max-w-column px-3 sm:px-4">
            {errorMessage && (
              <ErrorNotice text={errorMessage} onDismiss={() => chat.setErrorMessage(null)} />
            )}
            {chat.reconnecting ? <ReconnectingNotice /> : chat.unsaved && <UnsavedNotice />}
          </div>
        )}
        {isReloadDemo && answer && (
          <LazySection>
            <div className="mx-auto w-full max-w-column px-3 sm:px-4">
              <ReloadDemo
                chatId={options.chatId}
                text={textOfMessage(answer)}
                running={status !== 'ready'}
              />
            </div>
          </LazySection>
        )}
        {chat.usesQueue && !unavailableReason && (
          <LazySection>
            <QueuedMessages
              chatId={options.chatId}
              messages={messages}
              draftName={draftName}
              onWaitingChange={setHasWaiting}
              onError={chat.setErrorMessage}
            />
          </LazySection>
        )}
        {unavailableReason ? (
          <LazySection>
            <ChatUnavailableNotice reason={unavailableReason} draftName={draftName} />
          </LazySection>
        ) : (
          <Composer
            draftName={draftName}
            busy={busy}
            queues={busy || hasWaiting}
            stopping={stopping}
            onSend={sendAndScrollToEnd}
            onQueue={chat.queueMessage}
            onStop={stop}
            onEditLast={editLast}
          />
        )}
      </div>
      {/* The message box is in the middle of an empty chat, and moves down with the first message. */}
      <div className="below-composer" data-empty={isEmpty}>
        {isEmpty && (
          <LazySection>
            <StartingPoints onSelectPrompt={sendAndScrollToEnd} />
          </LazySection>
        )}
      </div>
    </div>
  );
}
