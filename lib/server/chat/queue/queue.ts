import {
  LIMITS,
  type QueuedMessage,
  type QueueMessageBody,
  type UpdateQueuedBody,
} from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { findBranchEnd, planMove } from '@/lib/server/chat/queue/plan-queue';
import {
  changeQueue,
  type QueueRow,
  readNodes,
  readQueue,
  toQueuedMessages,
} from '@/lib/server/chat/queue/queue-rows';
import { sendNextQueued } from '@/lib/server/chat/queue/send-queued';
import { isUniqueViolation, sql as pool } from '@/lib/server/db/client';
import { runDetached } from '@/lib/server/runtime/run-detached';

/** @throws AppError chat_not_found */
export async function listQueue(identity: Identity, chatId: string): Promise<QueuedMessage[]> {
  return toQueuedMessages(await readQueue(identity, chatId));
}

/**
 * Queues a message after all others of its branch. If the answer has ended well meanwhile, the next
 * queued message is sent.
 * @throws AppError chat_not_found, chat_changed, queue_full, conflict
 */
export async function queueMessage(
  identity: Identity,
  chatId: string,
  { id, text, answerId, timeZone }: QueueMessageBody,
): Promise<QueuedMessage[]> {
  let isAwaitedComplete = false;
  let awaitedId = answerId;
  const queued = await changeQueue(identity, chatId, async ({ rows }) => {
    const nodes = await readNodes(chatId);
    // A repeated request; the message may have been sent since.
    if ([...rows, ...nodes].some((known) => known.id === id)) return null;
    requireQueueCapacity([...rows, { text }]);
    const awaited = findBranchEnd(nodes, answerId);
    awaitedId = awaited.id;
    isAwaitedComplete = awaited.status === 'complete';
    const position = Math.max(0, ...rows.map((row) => row.position)) + 1;
    return () => pool()`
      insert into queued_message (id, chat_id, answer_id, position, text, time_zone)
      select ${id}::uuid, id, ${awaitedId}::uuid, ${position}::int, ${text}, ${timeZone ?? null}
      from chat_row`;
  }).catch((error) => {
    if (isUniqueViolation(error, 'queued_message_pkey'))
      throw new AppError('conflict', { cause: error });
    throw error;
  });
  // The end of the answer is handled by whoever commits last: its run, or this request.
  if (isAwaitedComplete) void runDetached(() => sendNextQueued(awaitedId));
  return queued;
}

/** @throws AppError queue_full */
function requireQueueCapacity(queued: ReadonlyArray<Pick<QueueRow, 'text'>>): void {
  const chars = queued.reduce((sum, { text }) => sum + text.length, 0);
  if (queued.length > LIMITS.queuedMessages || chars > LIMITS.queuedChars)
    throw new AppError('queue_full');
}

/**
 * Changes the text of a queued message, or its position among those of its branch.
 * @throws AppError chat_not_found, not_queued, queue_full, chat_changed
 */
export function updateQueued(
  identity: Identity,
  chatId: string,
  id: string,
  { text, index }: UpdateQueuedBody,
): Promise<QueuedMessage[]> {
  return changeQueue(identity, chatId, ({ rows }) => {
    const row = requireQueued(rows, id);
    if (text !== undefined)
      requireQueueCapacity(rows.map((other) => (other === row ? { text } : other)));
    const branch = rows.filter(({ answerId }) => answerId === row.answerId);
    const moves = index === undefined ? [] : planMove(branch, id, index);
    const ids = [id, ...moves.map((move) => move.id)];
    const positions = [null, ...moves.map(({ position }) => position)];
    return () => pool()`
      update queued_message as queued set
        position = coalesce(
          (select max(moved.position) from unnest(${ids}::uuid[], ${positions}::int[])
            as moved (id, position) where moved.id = queued.id), queued.position),
        text = case when queued.id = ${id} then coalesce(${text ?? null}::text, queued.text)
          else queued.text end
      from chat_row where queued.id = any(${ids}::uuid[])`;
  });
}

/** Deletes a queued message; one that does not exist any more is not an error. */
export function deleteQueued(
  identity: Identity,
  chatId: string,
  id: string,
): Promise<QueuedMessage[]> {
  return changeQueue(identity, chatId, ({ rows }) =>
    rows.some((row) => row.id === id)
      ? () => pool()`delete from queued_message using chat_row where queued_message.id = ${id}`
      : null,
  );
}

function requireQueued(rows: readonly QueueRow[], id: string): QueueRow {
  const row = rows.find((candidate) => candidate.id === id);
  if (!row) throw new AppError('not_queued');
  return row;
}
