import type { UIMessage } from 'ai';
import type { Siblings } from '@/lib/client/chat/conversation';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import {
  isFinished,
  mergeMessages,
  siblingsOf,
  toUiMessages,
} from '@/lib/client/chat/message-view';
import type { ChatDetail } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';

/**
 * Displays the server's state of the chat, unless a newer state is displayed already.
 * @returns the running answer, if any; it is not displayed by this function
 */
export function applyChatDetail(
  { chat, snapshotUpdatedAt, setters }: ConversationInternals,
  { chat: { updatedAt }, messages: stored, after, hasQueue }: ChatDetail,
): StoredMessage | undefined {
  if (hasQueue) setters.setUsesQueue(true);
  const running = stored.find((message) => !isFinished(message));
  // Both are ISO 8601 in UTC and compare as strings. Two responses may arrive in either order.
  if (snapshotUpdatedAt.current !== null && updatedAt < snapshotUpdatedAt.current) return running;
  snapshotUpdatedAt.current = updatedAt;
  const { messages, setMessages } = chat.current;
  const kept = messages.slice(0, messages.findIndex(({ id }) => id === after) + 1);
  setters.setSiblings(
    (siblings) => new Map([...keptEntries(siblings, kept), ...siblingsOf(stored)]),
  );
  const partialAnswer = running && messages.find(({ id }) => id === running.id);
  if (partialAnswer)
    setters.setPartialAnswer({ answer: partialAnswer, userMessageId: running.parentId ?? '' });
  const merged = mergeMessages(messages, [...kept, ...toUiMessages(stored.filter(isFinished))]);
  if (merged !== messages) setMessages(merged);
  return running;
}

function keptEntries(siblings: Siblings, kept: readonly UIMessage[]) {
  return kept.flatMap(({ id }) => {
    const ids = siblings.get(id);
    return ids ? [[id, ids] as const] : [];
  });
}
