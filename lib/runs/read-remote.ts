/**
 * Reading a run that another process writes: live through the relay while that goes well, and from
 * Postgres, from the same line on, where it does not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { db } from '@/lib/db/client';
import { run } from '@/lib/db/schema';
import { logger } from '@/lib/logger';
import { splitLines } from '@/lib/protocol/lines';
import { Bell } from '@/lib/runs/bell';
import { LineCursor } from '@/lib/runs/line-cursor';
import type { Until } from '@/lib/runs/log';
import { countStoredLines, readDatabase } from '@/lib/runs/read-database';
import { runRelay } from '@/lib/runs/relay';

/** A relay that is silent this long is checked against Postgres. */
const RELAY_SILENCE_MS = 2_000;
/** What the relay may take to bring the end that Postgres has. */
const LAST_PIECE_MS = 200;
const KEEP_ALIVE_MS = 10_000;

/**
 * The lines after the first `after`, live until the run's end. Where the database cannot be reached it
 * ends early, on a whole line and without the run's last one: the reader follows again from there.
 * @param until may end it before the run has ended
 * @param isLive whether somebody may still write it: only then the relay has anything to give
 */
export function readRemote(
  runId: string,
  after: number,
  isLive = true,
  until?: Until,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = isLive ? remotePieces(runId, after) : readDatabase(runId, after);
  let closed = false;
  let unregister: (() => void) | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      unregister = until?.(() => {
        closed = true;
        controller.close();
        void pieces.return(undefined);
      });
    },
    async pull(controller) {
      const next = await pieces.next().catch((error) => {
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
      await pieces.return(undefined);
    },
  });
}

async function* remotePieces(runId: string, after: number): AsyncGenerator<string, void> {
  const relayed = new LineCursor(after);
  yield* relayPieces(runId, relayed);
  // From here on Postgres has at least what the relay gave: nothing is shown before it is there.
  if (!relayed.ended) yield* readDatabase(runId, Math.max(after, relayed.passed));
}

/** What the relay gives, until the run ends, the relay breaks off, or it is silent for no reason. */
async function* relayPieces(runId: string, cursor: LineCursor): AsyncGenerator<string, void> {
  const stream = await runRelay()?.follow(runId);
  if (!stream) return;
  const reader = stream.getReader();
  // Rung by the run's end alone: nobody is asked to tell of its growth.
  const bell = new Bell(runId);
  let wroteAt = performance.now();
  try {
    let reading = reader.read();
    let pause = pauseOf(bell, cursor);
    while (!cursor.ended) {
      const next = await Promise.race([reading, pause]);
      if (next === 'pause') {
        pause = pauseOf(bell, cursor);
        continue;
      }
      if (next === 'silence') {
        if (await isBehind(runId, cursor.passed)) return;
        pause = pauseOf(bell, cursor);
        if (performance.now() - wroteAt > KEEP_ALIVE_MS) {
          wroteAt = performance.now();
          yield '\n';
        }
        continue;
      }
      if (next.done) return;
      const fresh = cursor.take(splitLines(next.value));
      if (fresh) {
        wroteAt = performance.now();
        yield fresh;
      }
      reading = reader.read();
    }
  } catch {
    // Broken off: Postgres has the rest.
  } finally {
    bell.close();
    reader.cancel().catch(() => {});
  }
}

/** The next time to look up: 'silence' where nothing came meanwhile, or where the run has ended. */
async function pauseOf(bell: Bell, cursor: LineCursor): Promise<'pause' | 'silence'> {
  const { passed } = cursor;
  const hasEnded = await bell.heard(RELAY_SILENCE_MS);
  if (!hasEnded) return cursor.passed === passed ? 'silence' : 'pause';
  await sleep(LAST_PIECE_MS);
  return 'silence';
}

/** Whether Postgres knows more of the run than the relay has given, or knows it as ended. */
async function isBehind(runId: string, lines: number): Promise<boolean> {
  const [known] = await db()
    .select({ running: sql<boolean>`${run.status} = 'running'`, lines: countStoredLines(runId) })
    .from(run)
    .where(eq(run.id, runId));
  return !known?.running || known.lines > lines;
}
