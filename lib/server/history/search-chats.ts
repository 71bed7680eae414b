import { desc, sql } from 'drizzle-orm';
import type { ChatSearchResult } from '@/lib/protocol/api';
import type { Identity } from '@/lib/server/account/identity';
import { listedChat } from '@/lib/server/chat/owned-chat';
import { chatSummaryColumns, toChatSummary } from '@/lib/server/chat/rows';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';

/** The number of chats whose titles are compared, most recently used first: one range scan. */
const MAX_COMPARED_CHATS = 10_000;
const MAX_RESULTS = 20;

/**
 * Returns the user's chats whose title contains the characters of the query in their order, most
 * recently used first; those that contain the query itself come before the others.
 */
export async function searchChats(identity: Identity, query: string): Promise<ChatSearchResult> {
  const chars = [...query].filter((char) => char.trim() !== '').map(escapeLike);
  if (chars.length === 0) return { chats: [] };
  const containsQuery = `%${escapeLike(query.trim())}%`;
  const containsChars = `%${chars.join('%')}%`;
  const recent = db()
    .select({ id: chat.id })
    .from(chat)
    .where(listedChat(identity.userId))
    .orderBy(desc(chat.updatedAt), desc(chat.id))
    .limit(MAX_COMPARED_CHATS);
  const rows = await db()
    .select(chatSummaryColumns)
    .from(chat)
    .where(sql`${chat.id} in (${recent}) and ${chat.title} ilike ${containsChars}`)
    .orderBy(desc(sql`${chat.title} ilike ${containsQuery}`), desc(chat.updatedAt), desc(chat.id))
    .limit(MAX_RESULTS);
  return { chats: rows.map(toChatSummary) };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
