/**
 * Sends queued messages, each exactly once: its row is deleted in the statement that writes its turn
 * (lib/server/chat/turn-rows), which only one of several processes can do.
 *
 * The process that has saved the end of an answer sends the next message. If it dies before that,
 * or cannot send it yet, a periodic scan of any process does.
 */
import { randomUUID } from 'node:crypto';
import type { QueuedMessage, SendQueuedBody } from '@/lib/protocol/api';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { planQueuedTurn, type QueuedItem } from '@/lib/server/chat/queue/plan-queue';
import { readQueue, toQueuedMessages } from '@/lib/server/chat/queue/queue-rows';
import { startTurn } from '@/lib/server/chat/start-turn';
import { getConfig } from '@/lib/server/config';
import { isConnectionError, isTransientError, sql as pool } from '@/lib/server/db/client';
import { publishEvent } from '@/lib/server/db/signals';
import { toJsonb } from '@/lib/server/db/storable';
import { runEvery } from '@/lib/server/jobs/run-every';
import { logger } from '@/lib/server/log/logger';
import { resolveModel } from '@/lib/server/models';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { runHub } from '@/lib/server/runs/run-hub';
import { stopRuns } from '@/lib/server/runs/stop-runs';
import { runDetached } from '@/lib/server/runtime/run-detached';

const SCAN_INTERVAL_MS = 2_000;
/** Errors that go away without the user: the scan tries again. */
const TEMPORARY_ERRORS = new Set<ErrorCode>([
  'too_many_runs',
  'too_many_runs_for_network',
  'server_busy',
  'shutting_down',
  'run_in_progress',
  'previous_answer_unsaved',
  'chat_changed',
  // Another process has sent it, or the user has deleted it.
  'not_queued',
  // The chat was deleted, or its owner has changed since it was read.
  'chat_not_found',
  'database_unavailable',
  'database_unwritable',
]);

/** Sends the next queued message after the end of this run, if its answer is complete. */
export function sendQueuedAfter({ saved, row }: LiveRun): void {
  void saved.then(() => sendNextQueued(row.messageId));
}

type NextItem = QueuedItem & {
  chatId: string;
  ownerId: string;
  modelRef: string | null;
  timeZone: string | null;
  error: unknown;
};

/**
 * Sends the first of the messages that wait for this answer, if it is complete. If that fails for
 * good, the reason is stored, and the messages are not sent. Never rejects.
 */
export async function sendNextQueued(answerId: string): Promise<void> {
  if (runHub().isShuttingDown) return;
  try {
    const next = await findNext(answerId);
    if (!next || next.error) return;
    await send(next).catch((error) => storeError(next, error));
  } catch (error) {
    // The scan tries again.
    logger.debug({ err: error }, 'A queued message could not be sent');
  }
}

/** Null also while the user has the maximum number of running answers, or is blocked. */
async function findNext(answerId: string): Promise<NextItem | null> {
  const [next] = await pool()<NextItem[]>`
    select queued.id, queued.chat_id as "chatId", queued.answer_id as "answerId", queued.text,
      queued.time_zone as "timeZone", queued.error, chat.owner_id as "ownerId",
      chat.model_ref as "modelRef"
    from queued_message queued
    join chat on chat.id = queued.chat_id
    join message on message.id = queued.answer_id
    left join "user" on "user".id = chat.owner_id
    where queued.answer_id = ${answerId} and message.status = 'complete'
      and "user".blocked_at is null and chat.deleted_at is null
      and ${getConfig().maxRunsPerUser} >
        (select count(*) from run where owner_id = chat.owner_id and status = 'running')
    order by queued.position, queued.created_at limit 1`;
  return next ?? null;
}

async function send({ chatId, ownerId, answerId, modelRef, timeZone }: NextItem): Promise<void> {
  const model = await resolveModel(modelRef ?? '');
  const newAnswerId = randomUUID();
  const started = await startTurn({
    chatId,
    userId: ownerId,
    // Read after the chat: a change since then changes the chat's version.
    plan: async (chat) =>
      planQueuedTurn(await findNext(answerId), chat, ownerId, newAnswerId, 'complete'),
    model,
    settings: {},
    timeZone: timeZone ?? undefined,
    // No client is connected. The number of runs of the user is limited as well.
    address: `queue of ${ownerId}`,
  });
  if ('liveRun' in started) sendQueuedAfter(started.liveRun);
  publishEvent(ownerId, { type: 'queue-changed', chatId });
}

/** Stores why a message cannot be sent; the user may send it later. */
async function storeError({ id, answerId, chatId, ownerId }: NextItem, thrown: unknown) {
  const error = AppError.from(thrown);
  if (isConnectionError(thrown) || isTransientError(thrown)) return;
  if (TEMPORARY_ERRORS.has(error.code)) return;
  logger.warn({ chatId, code: error.code, err: error.cause }, 'A queued message was not sent');
  await pool()`
    update queued_message set error = ${toJsonb(error.toBody())}::text::jsonb
    where id = ${id} and answer_id = ${answerId}`;
  publishEvent(ownerId, { type: 'queue-changed', chatId });
}

/**
 * Sends a queued message now. Stops the answer that it waits for, if it is running; what was
 * delivered of it is kept. Sending a message that was sent already is not an error.
 * @throws AppError chat_not_found, not_queued, chat_changed, model_not_found, no_model, and what
 *   `startTurn` throws; the message is still queued then
 */
export async function sendQueuedNow(
  identity: Identity,
  chatId: string,
  id: string,
  { answerId }: SendQueuedBody,
  address: string,
): Promise<QueuedMessage[]> {
  const { rows, modelRef } = await readQueue(identity, chatId);
  const item = rows.find((row) => row.id === id);
  if (!item) {
    if (await isSent(chatId, id)) return toQueuedMessages({ rows });
    throw new AppError('not_queued');
  }
  if (item.answerId !== answerId) throw new AppError('chat_changed');
  if (runHub().isShuttingDown) throw new AppError('shutting_down');
  const model = await resolveModel(modelRef ?? '');
  if (item.answerStatus === 'running') await stopRuns(chatId, [answerId]);
  const newAnswerId = randomUUID();
  const { userId } = identity;
  await runDetached(async () => {
    const started = await startTurn({
      chatId,
      userId,
      plan: async (chat) =>
        planQueuedTurn(await findItem(chatId, id), chat, userId, newAnswerId, 'ended'),
      model,
      settings: {},
      timeZone: (await findItem(chatId, id))?.timeZone ?? undefined,
      address,
    });
    if ('liveRun' in started) sendQueuedAfter(started.liveRun);
  });
  publishEvent(userId, { type: 'queue-changed', chatId });
  return toQueuedMessages(await readQueue(identity, chatId));
}

async function findItem(chatId: string, id: string) {
  const [item] = await pool()<Array<QueuedItem & { timeZone: string | null }>>`
    select id, answer_id as "answerId", text, time_zone as "timeZone"
    from queued_message where id = ${id} and chat_id = ${chatId}`;
  return item ?? null;
}

async function isSent(chatId: string, id: string): Promise<boolean> {
  const sent = await pool()`select 1 from message where id = ${id} and chat_id = ${chatId}`;
  return sent.length > 0;
}

/** Sends messages whose answer has ended well a while ago. Returns a disposer. */
export function startQueueScan(): () => void {
  return runEvery(SCAN_INTERVAL_MS, sendOverdue, 'Queued messages could not be sent');
}

async function sendOverdue(): Promise<void> {
  const overdue = await pool()<Array<{ answerId: string }>>`
    select distinct queued.answer_id as "answerId"
    from queued_message queued join message on message.id = queued.answer_id
    where message.status = 'complete' and queued.error is null
      and message.finished_at < now() - interval '1 second'
    limit 200`;
  for (const { answerId } of overdue) await sendNextQueued(answerId);
}
