import { eq } from 'drizzle-orm';
import type { ChatInfo, UpdateChatBody } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { chatSettingsColumns } from '@/lib/server/chat/chat-settings';
import { requireChat } from '@/lib/server/chat/require-chat';
import { chatSummaryColumns, toChatSummary } from '@/lib/server/chat/rows';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';

/**
 * Renames a chat or changes its settings. The chat keeps its position in the history.
 * @throws AppError chat_not_found
 */
export async function updateChat(
  identity: Identity,
  chatId: string,
  { title, ...settings }: UpdateChatBody,
): Promise<ChatInfo> {
  await requireChat(identity, chatId);
  const [updated] = await db()
    .update(chat)
    .set({
      ...(title !== undefined && { title, titlePending: false }),
      ...settings,
    })
    .where(eq(chat.id, chatId))
    .returning({ ...chatSummaryColumns, ...chatSettingsColumns });
  if (!updated) throw new AppError('chat_not_found');
  publishEvent(identity.userId, { type: 'chat-updated', chatId });
  return toChatSummary(updated);
}
