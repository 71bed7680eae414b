'use client';

import type { UIMessage } from 'ai';
import { memo, useCallback, useEffect, useRef } from 'react';
import { Waiting } from '@/components/chat/assistant-parts';
import { Message, type MessageProps } from '@/components/chat/message';
import { Unanswered } from '@/components/chat/problem';
import type { SelectVersion } from '@/components/chat/version-switcher';
import type { Conversation } from '@/lib/client/chat/conversation';
import { textOfMessage } from '@/lib/client/chat/message-view';
import { elementIdOf, usePointed } from '@/lib/client/chat/use-pointed';
import { useTail } from '@/lib/client/chat/use-tail';

/** What may be wanted later is fetched when the page has what it needs now. */
const AFTER_LOAD_MS = 2_000;

type MessageListProps = {
  messages: UIMessage[];
  status: Conversation['status'];
  /** Nothing more can be asked here. */
  closed: boolean;
  versions: Conversation['versions'];
  onSelectVersion: (messageId: string) => void;
} & Pick<MessageProps, 'modelName' | 'onRetry' | 'onContinue'>;

/** The messages, from the end of the conversation back as far as the person looks. */
export const MessageList = memo(function MessageList({
  messages,
  status,
  closed,
  versions,
  onSelectVersion,
  ...row
}: MessageListProps) {
  const { count, sentinel, draw } = useTail(messages.length);
  usePrintedFormulas(messages, messages.length - count);
  usePointed(messages, draw);
  const selectVersion = useSelectAndFocus(messages, onSelectVersion);
  const last = messages.at(-1);
  const unanswered = status !== 'ready' && last?.role === 'user';
  const abandoned = status === 'ready' && last?.role === 'user' && !closed;
  return (
    <>
      <div ref={sentinel} aria-hidden="true" />
      {messages.slice(messages.length - count).map((message) => (
        <Message
          key={message.id}
          message={message}
          last={message === last && !closed}
          live={message === last && status !== 'ready' && message.role === 'assistant'}
          waiting={message === last && status === 'waiting'}
          versions={versions.get(message.id)}
          locked={versions.has(message.id) && (status !== 'ready' || closed)}
          onSelectVersion={selectVersion}
          {...row}
        />
      ))}
      {unanswered && (
        <article aria-label="Assistant" aria-busy="true">
          <Waiting />
        </article>
      )}
      {abandoned && <Unanswered onRetry={row.onRetry} />}
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
function useSelectAndFocus(
  messages: readonly UIMessage[],
  onSelectVersion: (messageId: string) => void,
): SelectVersion {
  const pressed = useRef<Parameters<SelectVersion> | null>(null);
  useEffect(() => {
    const [messageId, label] = pressed.current ?? [];
    if (!messages.some(({ id }) => id === messageId)) return;
    pressed.current = null;
    // Unless the user has gone elsewhere meanwhile.
    if (document.activeElement !== document.body) return;
    const row = document.getElementById(elementIdOf(messageId as string));
    row?.querySelector<HTMLElement>(`[aria-label="${label}"]`)?.focus({ preventScroll: true });
  }, [messages]);
  return useCallback(
    (...press) => {
      pressed.current = press;
      onSelectVersion(press[0]);
    },
    [onSelectVersion],
  );
}
