import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ChatDetail, ChatInfo } from '@/lib/protocol/api';
import type { ChatSettings } from '@/lib/protocol/chat-settings';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import {
  activeBranch,
  type BranchNode,
  siblingsById,
  withoutDeleted,
} from '@/lib/server/chat/branch';
import { chatSettingsColumns } from '@/lib/server/chat/chat-settings';
import { ownedChat } from '@/lib/server/chat/owned-chat';
import {
  chatSummaryColumns,
  messageColumns,
  SELECTED_AT_SQL,
  toChatSummary,
  toStoredMessage,
} from '@/lib/server/chat/rows';
import { db, sql as pool } from '@/lib/server/db/client';
import { chat, message } from '@/lib/server/db/schema';
import { withKeyedLock } from '@/lib/server/runtime/keyed-lock';

/** From this many messages on, all rows of the chat are read instead of those of the branch. */
const MAX_ROWS_BY_ID = 200;

type ReadOptions = {
  /** Aborted when the client disconnects: then nothing is read. */
  signal?: AbortSignal;
  /** Omits the messages up to the one with this id, if it is on the active branch. */
  after?: string;
};

/**
 * Returns a chat and the messages of its active branch. Reads of one user are serialized: reading a
 * large chat takes several times its size in memory.
 * @throws AppError chat_not_found, request_aborted
 */
export function getChat(
  identity: Identity,
  chatId: string,
  { signal, after }: ReadOptions = {},
): Promise<ChatDetail> {
  return withKeyedLock(`chats ${identity.userId}`, async () => {
    if (signal?.aborted) throw new AppError('request_aborted');
    return await readChat(identity, chatId, after);
  });
}

async function readChat(
  identity: Identity,
  chatId: string,
  after: string | undefined,
): Promise<ChatDetail> {
  const { chat: found, nodes } = await readTree(identity, chatId);
  return await readBranch(found, nodes, after);
}

const HAS_QUEUE = sql<boolean>`exists (
  select 1 from queued_message where queued_message.chat_id = chat.id)`;

type FoundChat = ChatInfo & Pick<ChatDetail, 'hasQueue'>;

/** A chat and its messages without their content. */
type ChatTree = { chat: FoundChat; nodes: Array<BranchNode & { isDeleted: boolean }> };

/**
 * Returns a chat with the tree of its messages, oldest first.
 * @throws AppError chat_not_found
 */
export async function readTree(identity: Identity, chatId: string): Promise<ChatTree> {
  const [[found], nodes] = await Promise.all([
    db()
      .select({ ...chatSummaryColumns, ...chatSettingsColumns, hasQueue: HAS_QUEUE })
      .from(chat)
      .where(ownedChat(identity.userId, chatId)),
    // Not by drizzle, which takes several times as long for thousands of rows.
    pool()<ChatTree['nodes']>`
      select id, parent_id as "parentId", deleted_at is not null as "isDeleted",
        (extract(epoch from ${pool().unsafe(SELECTED_AT_SQL)}) * 1000)::float8 as "selectedAt"
      from message where chat_id = ${chatId} order by created_at`,
  ]);
  if (!found) throw new AppError('chat_not_found');
  return { chat: toChatSummary(found), nodes };
}

/**
 * Reads the messages of the active branch.
 * @param after omits the messages up to the one with this id, if it is on the active branch
 */
export async function readBranch(
  { hasQueue, ...chatInfo }: FoundChat,
  tree: ChatTree['nodes'],
  after: string | undefined,
): Promise<ChatDetail> {
  const nodes = withoutDeleted(tree);
  const siblings = siblingsById(nodes);
  const branch = activeBranch(nodes);
  const afterIndex = branch.findIndex(({ id }) => id === after);
  const rows = await readMessages(
    chatInfo.id,
    branch.slice(afterIndex + 1).map(({ id }) => id),
  );
  return {
    chat: chatInfo,
    hasQueue,
    messages: rows.map((row) => toStoredMessage(row, siblings.get(row.id))),
    ...(afterIndex !== -1 && { after }),
  };
}

/** Returns the messages with these ids, in their order; without those that have been purged. */
async function readMessages(chatId: string, ids: string[]) {
  const ofBranch = ids.length > MAX_ROWS_BY_ID ? undefined : inArray(message.id, ids);
  const rows = await db()
    .select(messageColumns)
    .from(message)
    .where(and(eq(message.chatId, chatId), ofBranch));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** @throws AppError chat_not_found */
export async function getChatSettings(identity: Identity, chatId: string): Promise<ChatSettings> {
  const [settings] = await db()
    .select(chatSettingsColumns)
    .from(chat)
    .where(ownedChat(identity.userId, chatId));
  if (!settings) throw new AppError('chat_not_found');
  return settings;
}
