import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { formatLine } from '@/lib/protocol/lines';
import { db, sql as pool } from '@/lib/server/db/client';
import { chat, instance, message, run, runLog } from '@/lib/server/db/schema';
import { FIRST_SEQ, type LiveRun, type RunRow } from '@/lib/server/runs/live-run';
import { presence } from '@/lib/server/runs/presence';
import { runHub } from '@/lib/server/runs/run-hub';

/**
 * Inserts the rows that a send writes, without starting an answer.
 * @param owner id of the process that owns the run; this process by default
 * @param row the run; one in a new chat by default
 */
export async function insertRun({ owner = presence().id, row = newRow() } = {}): Promise<RunRow> {
  await db().insert(chat).values({ id: row.chatId, ownerId: row.ownerId });
  await db().insert(message).values({
    id: row.messageId,
    chatId: row.chatId,
    role: 'assistant',
    parts: [],
    status: 'running',
    modelRef: row.modelRef,
  });
  await db()
    .insert(run)
    .values({
      ...row,
      status: 'running',
      ownerInstance: owner,
    });
  await db()
    .insert(runLog)
    .values({ runId: row.id, epoch: 1, seq: FIRST_SEQ, data: firstLinesOf(row) });
  return row;
}

function newRow(): RunRow {
  return {
    id: randomUUID(),
    chatId: randomUUID(),
    messageId: randomUUID(),
    ownerId: 'user',
    epoch: 1,
    modelRef: 'test/model',
  };
}

function firstLinesOf({ messageId }: RunRow): string {
  return formatLine('f', { messageId });
}

/** Inserts a process with a heartbeat `seenSecondsAgo` and without a lock. Returns its id. */
export async function insertProcess({
  seenSecondsAgo,
}: {
  seenSecondsAgo: number;
}): Promise<string> {
  const id = `other#${randomUUID()}`;
  // `seen_at` must be after the start of the database: locks lost in a restart prove nothing.
  await pool()`select pg_sleep(greatest(0, extract(epoch from
    pg_postmaster_start_time() - now()) + ${seenSecondsAgo} + 0.1))`;
  await db()
    .insert(instance)
    .values({
      id,
      name: 'other',
      seenAt: sql`now() - make_interval(secs => ${seenSecondsAgo})`,
    });
  return id;
}

/** Starts a run of this process without a model: the test appends its lines. */
export async function startTestRun(): Promise<LiveRun> {
  const row = await insertRun();
  const opened = runHub().create(row, firstLinesOf(row));
  runHub().register(opened);
  return opened;
}

export async function storedMessage(id: string) {
  const [row] = await db().select().from(message).where(eq(message.id, id));
  if (!row) throw new Error(`There is no message ${id}`);
  return row;
}

export async function storedRun(id: string) {
  const [row] = await db().select().from(run).where(eq(run.id, id));
  if (!row) throw new Error(`There is no run ${id}`);
  return row;
}

/** Reads a stream to its end. Returns its lines without the blank ones. */
export async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  const text = await new Response(stream).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('');
}
