/** Reading a run from `run_log`: slower than memory and Redis, and always there. */
import { type SQL, sql } from 'drizzle-orm';
import { splitLines } from '@/lib/protocol/lines';
import { db } from '@/lib/server/db/client';
import { signals } from '@/lib/server/db/signals';
import { LineCursor } from '@/lib/server/runs/line-cursor';
import { RunSignal } from '@/lib/server/runs/run-signal';

/** Signals can be lost: the table is looked at this often without any. */
const POLL_INTERVAL_MS = 1_000;
/** Until the run's process knows that somebody listens. */
const FIRST_POLL_DELAY_MS = 50;
/** The run's process forgets listeners that do not say again that they are there. */
const FOLLOW_RENEWAL_MS = 10_000;
const KEEP_ALIVE_INTERVAL_MS = 10_000;

/** Frames of one query: a reader holds no more of a long log at a time. */
const FRAMES_PER_QUERY = 500;

type StoredFrame = { epoch: number; seq: number; data: string };

/**
 * The run's lines after the first `after`, in pieces of whole lines, live until the last one; a blank
 * line every 10 s where there is nothing to say. Ends too where the log has been removed.
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
  let waitMs = FIRST_POLL_DELAY_MS;
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
      if (frames.length === FRAMES_PER_QUERY) continue;
      // What was there when the run was final is all that there will be.
      if (cursor.ended || !running) return;
      await signal.wait(waitMs);
      waitMs = POLL_INTERVAL_MS;
    }
  } finally {
    signal.close();
  }
}

/** The frames behind `from`, and whether there will be more: one statement, so one moment. */
async function readFrames(
  runId: string,
  from: { epoch: number; seq: number },
): Promise<{ running: boolean; frames: StoredFrame[] }> {
  const rows = await db().execute<{ running: boolean } & (StoredFrame | { data: null })>(sql`
    select run.status = 'running' as running, log.epoch, log.seq, log.data
    from run left join run_log log
      on log.run_id = run.id and (log.epoch, log.seq) > (${from.epoch}::int, ${from.seq}::int)
    where run.id = ${runId} order by log.epoch, log.seq limit ${FRAMES_PER_QUERY}`);
  return {
    running: rows[0]?.running ?? false,
    frames: rows.filter((row): row is { running: boolean } & StoredFrame => row.data !== null),
  };
}

/** The number of lines that `run_log` has of a run, as part of a query. */
export function storedLineCount(runId: string): SQL<number> {
  return sql<number>`(select coalesce(sum(regexp_count(data, E'\\n')), 0)::int
    from run_log where run_id = ${runId})`;
}

/** The number of lines that `run_log` has of a run; 0 where its log has been removed. */
export async function countStoredLines(runId: string): Promise<number> {
  const [row] = await db().execute<{ lines: number }>(
    sql`select ${storedLineCount(runId)} as lines`,
  );
  return row?.lines ?? 0;
}
