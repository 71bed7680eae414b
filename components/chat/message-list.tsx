'use client';

import type { UIMessage } from 'ai';
import { memo } from 'react';
import { Waiting } from '@/components/chat/assistant-parts';
import { Message, type MessageProps } from '@/components/chat/message';
import { Unanswered } from '@/components/chat/problem';
import type { Conversation } from '@/lib/client/chat/conversation';
import { usePointed } from '@/lib/client/chat/use-pointed';
import { useTail } from '@/lib/client/chat/use-tail';

type MessageListProps = {
  messages: UIMessage[];
  status: Conversation['status'];
  /** Nothing more can be asked here. */
  closed: boolean;
} & Pick<MessageProps, 'modelName' | 'onRetry' | 'onContinue'>;

/** The messages, from the end of the conversation back as far as the person looks. */
export const MessageList = memo(function MessageList({
  messages,
  status,
  closed,
  ...row
}: MessageListProps) {
  const { count, sentinel, draw } = useTail(messages.length);
  usePointed(messages, draw);
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
