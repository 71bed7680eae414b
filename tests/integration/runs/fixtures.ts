import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { db } from '@/lib/db/client';
import { chat, message, run } from '@/lib/db/schema';
import { runHub } from '@/lib/runs/hub';
import type { LiveRun, RunRow } from '@/lib/runs/live-run';

/** The rows that a send writes, without the send. */
export async function insertRun({
  instance = 'this-process',
  leaseSeconds = 60,
}: {
  instance?: string;
  leaseSeconds?: number;
} = {}): Promise<RunRow> {
  const row = {
    id: randomUUID(),
    chatId: randomUUID(),
    messageId: randomUUID(),
    ownerId: 'somebody',
    epoch: 1,
    modelRef: 'test/model',
  };
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
      ownerInstance: instance,
      leaseUntil: sql`now() + make_interval(secs => ${leaseSeconds})`,
    });
  return row;
}

/** A run of this process, without a model behind it: the test writes its lines. */
export async function openRun(): Promise<LiveRun> {
  return runHub().open(await insertRun());
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
