import type { ChatDetail, SelectBranchBody } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { requireBranchTo, siblingsById } from '@/lib/server/chat/branch';
import { readBranch, readTree } from '@/lib/server/chat/get-chat';
import { sql as pool } from '@/lib/server/db/client';
import { publishEvent } from '@/lib/server/db/signals';

/** Retries when the chat changed between read and write. */
const MAX_ATTEMPTS = 5;

/**
 * Activates the branch that contains this message: selects it and all its ancestors among their
 * siblings. Below it, the previous selection applies. The chat keeps its position in the history.
 * A running answer on another branch continues.
 * @throws AppError chat_not_found; not_found for a message that is not in the chat; chat_changed
 */
export async function selectBranch(
  identity: Identity,
  chatId: string,
  { messageId, after }: SelectBranchBody,
): Promise<ChatDetail> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { chat, nodes } = await readTree(identity, chatId);
    const path = requireBranchTo(nodes, messageId).map(({ id }) => id);
    // The others have no siblings that they could be selected among.
    const siblings = siblingsById(nodes);
    const selectedIds = path.filter((id) => siblings.has(id));
    const updatedAt = await writeSelection(chatId, chat.updatedAt, selectedIds);
    if (!updatedAt) continue;
    publishEvent(identity.userId, { type: 'branch-selected', chatId, updatedAt });
    const selected = new Set(selectedIds);
    const selectedAt = new Date(updatedAt).getTime();
    return await readBranch(
      { ...chat, updatedAt },
      nodes.map((node) => (selected.has(node.id) ? { ...node, selectedAt } : node)),
      after,
    );
  }
  throw new AppError('chat_changed');
}

/**
 * The chat's version changes with every turn, so none can start on another branch meanwhile.
 * @returns the new version; null if the chat has changed since `version`
 */
async function writeSelection(
  chatId: string,
  version: string,
  messageIds: string[],
): Promise<string | null> {
  const [chatRow] = await pool()<Array<{ updatedAt: Date }>>`
    with chat_row as (
      update chat set updated_at = updated_at + interval '1 millisecond'
      where id = ${chatId} and updated_at = ${version}::text::timestamptz
      returning updated_at
    ), selected as (
      update message set selected_at = chat_row.updated_at
      from chat_row where message.id = any(${messageIds}::uuid[])
    )
    select updated_at as "updatedAt" from chat_row`;
  return chatRow ? new Date(chatRow.updatedAt).toISOString() : null;
}
