/**
 * Reads a run of another process: live through the relay while that works, otherwise from Postgres,
 * starting at the same line.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { RELAY_GRACE_MS, RELAY_STALL_TIMEOUT_MS } from '@/lib/protocol/latency';
import { splitLines } from '@/lib/protocol/lines';
import { db } from '@/lib/server/db/client';
import { run } from '@/lib/server/db/schema';
import { logger } from '@/lib/server/log/logger';
import { LineCursor } from '@/lib/server/runs/line-cursor';
import { readRunFromDatabase, storedLineCount } from '@/lib/server/runs/read-from-database';
import { runRelay } from '@/lib/server/runs/relay';
import type { EndTrigger } from '@/lib/server/runs/run-log';
import { RunSignal } from '@/lib/server/runs/run-signal';

const KEEP_ALIVE_INTERVAL_MS = 10_000;

/**
 * Streams the lines after the first `after`, live until the run's end. If the database is
 * unavailable, the stream ends early, after a whole line and without the run's last one; the client
 * reconnects and resumes there.
 * @param isLive whether the run may still be running: only then the relay has it
 * @param endOn may end the stream before the run ends
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
        logger.warn({ err: error, runId }, 'The stream of another process’s answer was closed');
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
  // Postgres has at least the lines that the relay delivered, because they are written there first.
  if (!cursor.ended) yield* readRunFromDatabase(runId, Math.max(after, cursor.position));
}

/** Yields lines from the relay until the run ends, or the relay fails or falls behind Postgres. */
async function* readRelay(runId: string, cursor: LineCursor): AsyncGenerator<string, void> {
  const stream = await runRelay()?.follow(runId);
  if (!stream) return;
  const reader = stream.getReader();
  // Fires mainly at the run's end: this reader does not request `grown` signals.
  const signal = new RunSignal(runId);
  let lastYieldAt = performance.now();
  try {
    let reading = reader.read();
    let activity = waitForActivity(signal, cursor);
    while (!cursor.ended) {
      const next = await Promise.race([reading, activity]);
      if (next === 'active') {
        activity = waitForActivity(signal, cursor);
        continue;
      }
      if (next === 'stalled') {
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
    // The relay failed: Postgres has the rest.
  } finally {
    signal.close();
    reader.cancel().catch(() => {});
  }
}

/**
 * Waits for the stall timeout or a signal. Returns 'active' if lines arrived within the timeout;
 * 'stalled' if none did, or after a signal, which most likely means that the run has ended.
 */
async function waitForActivity(
  signal: RunSignal,
  cursor: LineCursor,
): Promise<'active' | 'stalled'> {
  const { position } = cursor;
  const hasSignal = await signal.wait(RELAY_STALL_TIMEOUT_MS);
  if (!hasSignal) return cursor.position === position ? 'stalled' : 'active';
  await sleep(RELAY_GRACE_MS);
  return 'stalled';
}

/** Whether Postgres has more lines of the run than the relay delivered, or the run has ended. */
async function isRelayBehind(runId: string, lines: number): Promise<boolean> {
  const [stored] = await db()
    .select({ running: sql<boolean>`${run.status} = 'running'`, lines: storedLineCount(runId) })
    .from(run)
    .where(eq(run.id, runId));
  return !stored?.running || stored.lines > lines;
}
