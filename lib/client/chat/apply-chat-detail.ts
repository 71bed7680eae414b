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
 * Shows the chat as the server has it, unless something newer is shown already.
 * @returns the answer that is being made, which is not shown by this
 */
export function applyChatDetail(
  { chat, snapshotUpdatedAt, setters }: ConversationInternals,
  { chat: { updatedAt }, messages: stored }: ChatDetail,
): StoredMessage | undefined {
  const running = stored.find((message) => !isFinished(message));
  // Both are ISO 8601 in UTC: they compare as texts. Two answers may arrive in either order.
  if (snapshotUpdatedAt.current !== null && updatedAt < snapshotUpdatedAt.current) return running;
  snapshotUpdatedAt.current = updatedAt;
  setters.setSiblings(siblingsOf(stored));
  const { messages, setMessages } = chat.current;
  const partialAnswer = running && messages.find(({ id }) => id === running.id);
  if (partialAnswer)
    setters.setPartialAnswer({ answer: partialAnswer, questionId: running.parentId ?? '' });
  const merged = mergeMessages(messages, toUiMessages(stored.filter(isFinished)));
  if (merged !== messages) setMessages(merged);
  return running;
}
