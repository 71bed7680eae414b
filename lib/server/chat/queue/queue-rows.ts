/**
 * Reads and writes queued messages. Every change of a queue changes the version of its chat: a turn
 * that was planned on the previous queue is not written, and a change of the queue that a turn has
 * left is planned again.
 */
import { asc, eq, sql } from 'drizzle-orm';
import type { PendingQuery, Row } from 'postgres';
import type { QueuedMessage } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { MessageStatus } from '@/lib/protocol/messages';
import type { Identity } from '@/lib/server/account/identity';
import { withoutDeleted } from '@/lib/server/chat/branch';
import { ownedChat } from '@/lib/server/chat/owned-chat';
import { messageColumns } from '@/lib/server/chat/rows';
import { db, sql as pool } from '@/lib/server/db/client';
import { chat, message, queuedMessage } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';

/** Retries when the chat changed between read and write. */
const MAX_ATTEMPTS = 5;

export type QueueRow = QueuedMessage & { position: number };

export type Queue = {
  /** Changes with every change of the chat and of its queue. */
  version: string;
  modelRef: string | null;
  /** The messages of all branches, in their order. */
  rows: QueueRow[];
};

/** @throws AppError chat_not_found */
export async function readQueue(identity: Identity, chatId: string): Promise<Queue> {
  const found = await db()
    .select({
      version: sql<string>`${chat.updatedAt}::text`,
      modelRef: chat.modelRef,
      queued: queuedMessage,
      userMessageId: message.parentId,
      answerStatus: messageColumns.status,
    })
    .from(chat)
    .leftJoin(queuedMessage, eq(queuedMessage.chatId, chat.id))
    .leftJoin(message, eq(message.id, queuedMessage.answerId))
    .where(ownedChat(identity.userId, chatId))
    .orderBy(asc(queuedMessage.position), asc(queuedMessage.createdAt));
  const [first] = found;
  if (!first) throw new AppError('chat_not_found');
  const rows = found.flatMap(({ queued, userMessageId, answerStatus }) => {
    if (!queued) return [];
    const { id, text, answerId, position, error } = queued;
    const answer = { answerId, userMessageId: userMessageId ?? '', answerStatus };
    return [{ id, text, ...answer, error, position }];
  });
  return { version: first.version, modelRef: first.modelRef, rows };
}

export function toQueuedMessages({ rows }: Pick<Queue, 'rows'>): QueuedMessage[] {
  return rows.map(({ position: _, ...queued }) => queued);
}

export type QueueNode = {
  id: string;
  parentId: string | null;
  role: 'user' | 'assistant';
  status: MessageStatus;
  selectedAt: number | null;
};

/** Returns all messages of the chat that are not deleted, without their content, oldest first. */
export async function readNodes(chatId: string): Promise<QueueNode[]> {
  const rows = await db()
    .select({
      id: message.id,
      parentId: message.parentId,
      role: message.role,
      status: messageColumns.status,
      selectedAt: messageColumns.selectedAt,
      isDeleted: sql<boolean>`${message.deletedAt} is not null`,
    })
    .from(message)
    .where(eq(message.chatId, chatId))
    .orderBy(asc(message.createdAt));
  return withoutDeleted(
    rows.map((row) => ({ ...row, selectedAt: row.selectedAt?.getTime() ?? null })),
  );
}

/** Creates the statement. A function, because a promise of a query would resolve with its result. */
type CreateStatement = () => PendingQuery<Row[]>;

/**
 * Changes the queue of a chat. Plans the change again if the chat has changed meanwhile.
 * @param plan returns the statement that changes the queue, which must read from `chat_row`; null if
 *   there is nothing to change
 * @throws what `plan` throws; AppError chat_not_found, chat_changed
 */
export async function changeQueue(
  identity: Identity,
  chatId: string,
  plan: (queue: Queue) => Promise<CreateStatement | null> | CreateStatement | null,
): Promise<QueuedMessage[]> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const queue = await readQueue(identity, chatId);
    const createStatement = await plan(queue);
    if (!createStatement) return toQueuedMessages(queue);
    const written = await pool()`
      with chat_row as (
        update chat set updated_at = updated_at + interval '1 millisecond'
        where id = ${chatId} and updated_at = ${queue.version}::text::timestamptz
        returning id
      ), change as (${createStatement()})
      select id from chat_row`;
    if (written.length === 0) continue;
    publishEvent(identity.userId, { type: 'queue-changed', chatId });
    return toQueuedMessages(await readQueue(identity, chatId));
  }
  throw new AppError('chat_changed');
}
