import { and, eq, isNull, or, type SQL } from 'drizzle-orm';
import type { ChatInfo, UpdateChatBody } from '@/lib/protocol/api';
import type { ChangeableChatSettings } from '@/lib/protocol/chat-settings';
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
 * @throws AppError chat_not_found, settings_changed
 */
export async function updateChat(
  identity: Identity,
  chatId: string,
  { title, expected = {}, ...settings }: UpdateChatBody,
): Promise<ChatInfo> {
  await requireChat(identity, chatId);
  const [updated] = await db()
    .update(chat)
    .set({
      ...(title !== undefined && { title, titlePending: false }),
      ...settings,
    })
    .where(and(eq(chat.id, chatId), ...unchangedConditions(expected, settings)))
    .returning({ ...chatSummaryColumns, ...chatSettingsColumns });
  if (!updated) {
    // Not found if the chat was deleted meanwhile.
    await requireChat(identity, chatId);
    throw new AppError('settings_changed');
  }
  publishEvent(identity.userId, { type: 'chat-updated', chatId });
  return toChatSummary(updated);
}

/**
 * Conditions that each expected setting is stored, or the new value already: the client repeats a
 * request whose response was lost.
 */
function unchangedConditions(
  expected: Partial<ChangeableChatSettings>,
  changes: Partial<ChangeableChatSettings>,
): Array<SQL | undefined> {
  const keys = Object.keys(expected) as Array<keyof ChangeableChatSettings>;
  return keys
    .filter((key) => expected[key] !== undefined)
    .map((key) => or(hasValue(key, expected[key]), hasValue(key, changes[key])));
}

function hasValue(
  key: keyof ChangeableChatSettings,
  value: string | null | undefined,
): SQL | undefined {
  if (value === undefined) return undefined;
  return value === null ? isNull(chat[key]) : eq(chat[key], value);
}
