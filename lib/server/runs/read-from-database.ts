/** Reads a run from `run_log`: slower than memory and Redis, but always available. */
import { type SQL, sql } from 'drizzle-orm';
import { FIRST_LOG_POLL_MS, LOG_POLL_INTERVAL_MS, MAX_QUERY_FRAMES } from '@/lib/protocol/latency';
import { splitLines } from '@/lib/protocol/lines';
import { db } from '@/lib/server/db/client';
import { signals } from '@/lib/server/db/signals';
import { LineCursor } from '@/lib/server/runs/line-cursor';
import { RunSignal } from '@/lib/server/runs/run-signal';

/** Well below WATCH_TTL_MS of the run hub, after which a run's process stops sending signals. */
const FOLLOW_RENEWAL_MS = 10_000;
const KEEP_ALIVE_INTERVAL_MS = 10_000;

type StoredFrame = { epoch: number; seq: number; data: string };

/**
 * Yields the run's lines after the first `after`, in chunks of whole lines, live until the last
 * one, with a blank line after 10 s without data. Also ends if the log was deleted.
 */
export async function* readRunFromDatabase(
  runId: string,
  after: number,
): AsyncGenerator<string, void> {
  const cursor = new LineCursor(after);
  const signal = new RunSignal(runId);
  let from = { epoch: 0, seq: -1 };
  let announcedAt = Number.NEGATIVE_INFINITY;
  let lastYieldAt = performance.now();
  let waitMs = FIRST_LOG_POLL_MS;
  try {
    for (;;) {
      const now = performance.now();
      if (now - announcedAt > FOLLOW_RENEWAL_MS) {
        announcedAt = now;
        signals().publish({ type: 'follow', runId });
      }
      const { running, frames } = await readFrames(runId, from);
      from = frames.at(-1) ?? from;
      const unread = cursor.advance(splitLines(frames.map(({ data }) => data).join('')));
      if (unread || now - lastYieldAt > KEEP_ALIVE_INTERVAL_MS) {
        lastYieldAt = now;
        yield unread || '\n';
      }
      if (frames.length === MAX_QUERY_FRAMES) continue;
      // A run that has ended gets no more frames.
      if (cursor.ended || !running) return;
      await signal.wait(waitMs);
      waitMs = LOG_POLL_INTERVAL_MS;
    }
  } finally {
    signal.close();
  }
}

/** Reads the frames after `from` and whether the run is running, consistently in one statement. */
async function readFrames(
  runId: string,
  from: { epoch: number; seq: number },
): Promise<{ running: boolean; frames: StoredFrame[] }> {
  const rows = await db().execute<{ running: boolean } & (StoredFrame | { data: null })>(sql`
    select run.status = 'running' as running, log.epoch, log.seq, log.data
    from run left join run_log log
      on log.run_id = run.id and (log.epoch, log.seq) > (${from.epoch}::int, ${from.seq}::int)
    where run.id = ${runId} order by log.epoch, log.seq limit ${MAX_QUERY_FRAMES}`);
  return {
    running: rows[0]?.running ?? false,
    frames: rows.filter((row): row is { running: boolean } & StoredFrame => row.data !== null),
  };
}

/** SQL expression for the number of lines that `run_log` has of a run. */
export function storedLineCount(runId: string): SQL<number> {
  return sql<number>`(select coalesce(sum(regexp_count(data, E'\\n')), 0)::int
    from run_log where run_id = ${runId})`;
}

/** Returns the number of lines that `run_log` has of a run; 0 if its log was deleted. */
export async function countStoredLines(runId: string): Promise<number> {
  const [row] = await db().execute<{ lines: number }>(
    sql`select ${storedLineCount(runId)} as lines`,
  );
  return row?.lines ?? 0;
}
