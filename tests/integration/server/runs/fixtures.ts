import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { formatLine } from '@/lib/protocol/lines';
import { db, sql as pool } from '@/lib/server/db/client';
import { chat, instance, message, run, runLog } from '@/lib/server/db/schema';
import { FIRST_SEQ, type LiveRun, type RunRow } from '@/lib/server/runs/live-run';
import { presence } from '@/lib/server/runs/presence';
import { runHub } from '@/lib/server/runs/run-hub';

/**
 * The rows that a send writes, without the send.
 * @param owner the process that writes the run: this one unless given
 * @param row of a new chat unless given
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
    ownerId: 'somebody',
    epoch: 1,
    modelRef: 'test/model',
  };
}

function firstLinesOf({ messageId }: RunRow): string {
  return formatLine('f', { messageId });
}

/** A process that was seen so many seconds ago, and holds no lock. Gives its id. */
export async function insertProcess({
  seenSecondsAgo,
}: {
  seenSecondsAgo: number;
}): Promise<string> {
  const id = `elsewhere#${randomUUID()}`;
  // Locks that a restart of the database took away say nothing.
  await pool()`select pg_sleep(greatest(0, extract(epoch from
    pg_postmaster_start_time() - now()) + ${seenSecondsAgo} + 0.1))`;
  await db()
    .insert(instance)
    .values({
      id,
      name: 'elsewhere',
      seenAt: sql`now() - make_interval(secs => ${seenSecondsAgo})`,
    });
  return id;
}

/** A run of this process, without a model behind it: the test writes its lines. */
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

/** Everything a stream gives, without blank lines. */
export async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  const text = await new Response(stream).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('');
}
