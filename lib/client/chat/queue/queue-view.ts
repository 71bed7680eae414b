/** What the page displays of the queued messages of a chat. Pure. */
import type { UIMessage } from 'ai';
import type { QueuedMessage } from '@/lib/protocol/api';

/** Whether the message is sent without the user, once its answer has ended well. */
export function isWaiting({ answerStatus, error }: QueuedMessage): boolean {
  return answerStatus === 'running' || (answerStatus === 'complete' && error === null);
}

/**
 * Returns the messages that are queued on the displayed branch. If a new answer failed, the previous
 * one is displayed, with the messages that were queued during the new one.
 */
export function queueOfBranch(
  queue: readonly QueuedMessage[],
  messages: ReadonlyArray<Pick<UIMessage, 'id' | 'role'>>,
): QueuedMessage[] {
  const last = messages.at(-1);
  const userMessageId = messages.findLast(({ role }) => role === 'user')?.id;
  return queue.filter(
    (queued) =>
      queued.answerId === last?.id ||
      // The answer is not displayed before its first token.
      (queued.userMessageId === userMessageId && (last?.role === 'user' || !isWaiting(queued))),
  );
}
