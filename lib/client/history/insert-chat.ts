import type { ChatHistory } from '@/lib/client/history/chat-history';
import type { ChatSummary } from '@/lib/protocol/api';

/** Adds a chat at its position. One that is older than the loaded chats is not added. */
export function insertChat(list: ChatHistory, added: ChatSummary): ChatHistory {
  const others = list.chats.filter(({ id }) => id !== added.id);
  const index = others.findIndex((chat) => isNewer(added, chat));
  if (index === -1 && list.nextCursor !== null) return { ...list, chats: others };
  return { ...list, chats: others.toSpliced(index === -1 ? others.length : index, 0, added) };
}

/** In the order of the server. */
function isNewer(a: ChatSummary, b: ChatSummary): boolean {
  return a.updatedAt === b.updatedAt ? a.id > b.id : a.updatedAt > b.updatedAt;
}
