'use client';

import type { UIMessage } from 'ai';
import { memo, useCallback, useEffect, useRef } from 'react';
import { WaitingIndicator } from '@/components/chat/assistant-parts';
import type { SelectBranch } from '@/components/chat/branch-picker';
import { UnansweredNotice } from '@/components/chat/composer-notices';
import { Message, type MessageProps } from '@/components/chat/message';
import type { UseConversationResult } from '@/lib/client/chat/conversation';
import { textOfMessage } from '@/lib/client/chat/message-view';
import { useMessageWindow } from '@/lib/client/chat/use-message-window';
import { messageElementId, useScrollToMessage } from '@/lib/client/chat/use-scroll-to-message';

/** What may be wanted later is fetched when the page has what it needs now. */
const AFTER_LOAD_MS = 2_000;

type MessageListProps = {
  messages: UIMessage[];
  status: UseConversationResult['status'];
  /** Nothing more can be asked here. */
  isReadOnly: boolean;
  siblings: UseConversationResult['siblings'];
  onSelectBranch: (messageId: string) => void;
} & Pick<MessageProps, 'modelName' | 'onRetry' | 'onContinue'>;

/** The messages, from the end of the conversation back as far as the person looks. */
export const MessageList = memo(function MessageList({
  messages,
  status,
  isReadOnly,
  siblings,
  onSelectBranch,
  ...rowProps
}: MessageListProps) {
  const { count, sentinel, renderFrom } = useMessageWindow(messages.length);
  usePrintedFormulas(messages, messages.length - count);
  useScrollToMessage(messages, renderFrom);
  const selectBranch = useSelectBranchAndFocus(messages, onSelectBranch);
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
          branchLocked={siblings.has(message.id) && (status !== 'ready' || isReadOnly)}
          onSelectBranch={selectBranch}
          {...rowProps}
        />
      ))}
      {isAwaitingAnswer && (
        <article aria-label="Assistant" aria-busy="true">
          <WaitingIndicator />
        </article>
      )}
      {hasNoAnswer && <UnansweredNotice onRetry={rowProps.onRetry} />}
    </>
  );
});

/** Where earlier messages are drawn only to be printed, their formulas must be there at once. */
function usePrintedFormulas(messages: readonly UIMessage[], undrawn: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is not drawn does not change
  useEffect(() => {
    if (undrawn === 0) return;
    const timer = setTimeout(() => {
      import('@/lib/client/markdown/print-formulas').then(
        ({ preparePrint }) => preparePrint(messages.slice(0, undrawn).map(textOfMessage)),
        () => {},
      );
    }, AFTER_LOAD_MS);
    return () => clearTimeout(timer);
  }, [undrawn]);
}

/** The version that is opened takes the place, and the focus, of the one whose button was pressed. */
function useSelectBranchAndFocus(
  messages: readonly UIMessage[],
  onSelectBranch: (messageId: string) => void,
): SelectBranch {
  const pendingFocus = useRef<Parameters<SelectBranch> | null>(null);
  useEffect(() => {
    const [messageId, label] = pendingFocus.current ?? [];
    if (!messages.some(({ id }) => id === messageId)) return;
    pendingFocus.current = null;
    // Unless the user has gone elsewhere meanwhile.
    if (document.activeElement !== document.body) return;
    const row = document.getElementById(messageElementId(messageId as string));
    row?.querySelector<HTMLElement>(`[aria-label="${label}"]`)?.focus({ preventScroll: true });
  }, [messages]);
  return useCallback(
    (...selection) => {
      pendingFocus.current = selection;
      onSelectBranch(selection[0]);
    },
    [onSelectBranch],
  );
}
