/**
 * Reading a run that another process writes: live through the relay while that goes well, and from
 * Postgres, from the same line on, where it does not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { splitLines } from '@/lib/protocol/lines';
import { db } from '@/lib/server/db/client';
import { run } from '@/lib/server/db/schema';
import { logger } from '@/lib/server/log/logger';
import { LineCursor } from '@/lib/server/runs/line-cursor';
import { readRunFromDatabase, storedLineCount } from '@/lib/server/runs/read-from-database';
import { runRelay } from '@/lib/server/runs/relay';
import type { EndTrigger } from '@/lib/server/runs/run-log';
import { RunSignal } from '@/lib/server/runs/run-signal';

/** A relay that is silent this long is checked against Postgres. */
const RELAY_STALL_TIMEOUT_MS = 2_000;
/** What the relay may take to bring the end that Postgres has. */
const RELAY_GRACE_MS = 200;
const KEEP_ALIVE_INTERVAL_MS = 10_000;

/**
 * The lines after the first `after`, live until the run's end. Where the database cannot be reached it
 * ends early, on a whole line and without the run's last one: the reader follows again from there.
 * @param endOn may end it before the run has ended
 * @param isLive whether somebody may still write it: only then the relay has anything to give
 */
export function readRemote(
  runId: string,
  after: number,
  isLive = true,
  endOn?: EndTrigger,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const chunks = isLive ? readRemoteChunks(runId, after) : readRunFromDatabase(runId, after);
  let closed = false;
  let unregister: (() => void) | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      unregister = endOn?.(() => {
        closed = true;
        controller.close();
        void chunks.return(undefined);
      });
    },
    async pull(controller) {
      const next = await chunks.next().catch((error) => {
        logger.warn({ err: error, runId }, 'A reader of another process’s answer was sent away');
        return null;
      });
      if (closed) return;
      if (!next || next.done) {
        unregister?.();
        controller.close();
      } else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      closed = true;
      unregister?.();
      await chunks.return(undefined);
    },
  });
}

async function* readRemoteChunks(runId: string, after: number): AsyncGenerator<string, void> {
  const cursor = new LineCursor(after);
  yield* readRelay(runId, cursor);
  // From here on Postgres has at least what the relay gave: nothing is shown before it is there.
  if (!cursor.ended) yield* readRunFromDatabase(runId, Math.max(after, cursor.position));
}

/** What the relay gives, until the run ends, the relay breaks off, or it is silent for no reason. */
async function* readRelay(runId: string, cursor: LineCursor): AsyncGenerator<string, void> {
  const stream = await runRelay()?.follow(runId);
  if (!stream) return;
  const reader = stream.getReader();
  // Rung by the run's end alone: nobody is asked to tell of its growth.
  const signal = new RunSignal(runId);
  let lastYieldAt = performance.now();
  try {
    let reading = reader.read();
    let activity = waitForActivity(signal, cursor);
    while (!cursor.ended) {
      const next = await Promise.race([reading, activity]);
      if (next === 'pause') {
        activity = waitForActivity(signal, cursor);
        continue;
      }
      if (next === 'silence') {
        if (await isRelayBehind(runId, cursor.position)) return;
        activity = waitForActivity(signal, cursor);
        if (performance.now() - lastYieldAt > KEEP_ALIVE_INTERVAL_MS) {
          lastYieldAt = performance.now();
          yield '\n';
        }
        continue;
      }
      if (next.done) return;
      const unread = cursor.advance(splitLines(next.value));
      if (unread) {
        lastYieldAt = performance.now();
        yield unread;
      }
      reading = reader.read();
    }
  } catch {
    // Broken off: Postgres has the rest.
  } finally {
    signal.close();
    reader.cancel().catch(() => {});
  }
}

/** The next time to look up: 'silence' where nothing came meanwhile, or where the run has ended. */
async function waitForActivity(
  signal: RunSignal,
  cursor: LineCursor,
): Promise<'pause' | 'silence'> {
  const { position } = cursor;
  const hasEnded = await signal.wait(RELAY_STALL_TIMEOUT_MS);
  if (!hasEnded) return cursor.position === position ? 'silence' : 'pause';
  await sleep(RELAY_GRACE_MS);
  return 'silence';
}

/** Whether Postgres knows more of the run than the relay has given, or knows it as ended. */
async function isRelayBehind(runId: string, lines: number): Promise<boolean> {
  const [stored] = await db()
    .select({ running: sql<boolean>`${run.status} = 'running'`, lines: storedLineCount(runId) })
    .from(run)
    .where(eq(run.id, runId));
  return !stored?.running || stored.lines > lines;
}
