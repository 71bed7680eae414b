import { isOver, mergeMessages, toUiMessages, versionsOf } from '@/lib/client/chat/message-view';
import type { Workings } from '@/lib/client/chat/workings';
import type { ChatDetail } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';

/**
 * Shows the chat as the server has it, unless something newer is shown already.
 * @returns the answer that is being made, which is not shown by this
 */
export function showDetail(
  { chat, seenAt, show }: Workings,
  { chat: { updatedAt }, messages: stored }: ChatDetail,
): StoredMessage | undefined {
  const running = stored.find((message) => !isOver(message));
  // Both are ISO 8601 in UTC: they compare as texts. Two answers may arrive in either order.
  if (seenAt.current !== null && updatedAt < seenAt.current) return running;
  seenAt.current = updatedAt;
  show.versions(versionsOf(stored));
  const { messages, setMessages } = chat.current;
  const continued = running && messages.find(({ id }) => id === running.id);
  if (continued) show.kept({ answer: continued, questionId: running.parentId ?? '' });
  const merged = mergeMessages(messages, toUiMessages(stored.filter(isOver)));
  if (merged !== messages) setMessages(merged);
  return running;
}
