import { and, desc, sql } from 'drizzle-orm';
import type { HistoryPage } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { listedChat } from '@/lib/server/chat/owned-chat';
import { chatSummaryColumns, toChatSummary } from '@/lib/server/chat/rows';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { isUuid } from '@/lib/server/http/input-fields';

/**
 * Returns a page of the user's chats, most recently used first. Deleted and temporary ones are not
 * listed.
 * @param options.cursor `nextCursor` of the previous page
 * @throws AppError bad_request for an invalid cursor
 */
export async function listChats(
  identity: Identity,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<HistoryPage> {
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const rows = await db()
    .select(chatSummaryColumns)
    .from(chat)
    .where(
      and(
        listedChat(identity.userId),
        after && sql`(${chat.updatedAt}, ${chat.id}) < (${after.updatedAt}, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(chat.updatedAt), desc(chat.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    chats: page.map(toChatSummary),
    nextCursor: rows.length > limit && last ? `${last.updatedAt.getTime()}_${last.id}` : null,
  };
}

function parseCursor(cursor: string): { updatedAt: string; id: string } {
  const [, time, id = ''] = /^(\d{1,14})_(.*)$/s.exec(cursor) ?? [];
  if (time === undefined || !isUuid(id)) {
    throw new AppError('bad_request', { message: 'The history cursor is invalid.' });
  }
  // At most 14 digits are within the range of Date, so toISOString cannot throw.
  return { updatedAt: new Date(Number(time)).toISOString(), id };
}
