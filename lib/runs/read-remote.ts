/**
 * Reading a run that another process writes: live through the relay while that goes well, and from
 * Postgres, from the same line on, where it does not.
 */
import { and, asc, eq, sql } from 'drizzle-orm';
import { db } from '@/lib/db/client';
import { run, runLog } from '@/lib/db/schema';
import { splitLines } from '@/lib/protocol/lines';
import { runRelay } from '@/lib/runs/relay';

/** How often Postgres is asked for more. */
const POLL_MS = 150;
/** A relay that is silent this long is checked against Postgres. */
const RELAY_SILENCE_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;

/** What a reader has seen: it turns pieces from the run's start into what is new to it. */
class LineCursor {
  /** Lines of the log that have passed by, delivered or skipped. */
  passed = 0;
  ended = false;

  constructor(private readonly after: number) {}

  /** The lines among `lines`, which follow those that passed before, that the reader lacks. */
  take(lines: string[]): string {
    const skip = Math.max(0, this.after - this.passed);
    this.passed += lines.length;
    if (lines.at(-1)?.startsWith('d:')) this.ended = true;
    const fresh = lines.slice(skip);
    return fresh.length === 0 ? '' : `${fresh.join('\n')}\n`;
  }
}

/** The lines after the first `after`, live until the run's end. */
export function readRemote(runId: string, after: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = remotePieces(runId, after);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

async function* remotePieces(runId: string, after: number): AsyncGenerator<string, void> {
  const relayed = new LineCursor(after);
  yield* relayPieces(runId, relayed);
  // From here on Postgres has at least what the relay gave: nothing is shown before it is there.
  if (!relayed.ended) yield* databasePieces(runId, Math.max(after, relayed.passed));
}

/** What the relay gives, until the run ends, the relay breaks off, or it is silent for no reason. */
async function* relayPieces(runId: string, cursor: LineCursor): AsyncGenerator<string, void> {
  const stream = await runRelay()?.follow(runId);
  if (!stream) return;
  const reader = stream.getReader();
  try {
    let reading = reader.read();
    while (!cursor.ended) {
      const silence = timeout(RELAY_SILENCE_MS);
      const next = await Promise.race([reading, silence.promise]).finally(silence.cancel);
      if (next === 'timeout') {
        if (await isBehind(runId, cursor.passed)) return;
        continue;
      }
      if (next.done) return;
      const fresh = cursor.take(splitLines(next.value));
      if (fresh) yield fresh;
      reading = reader.read();
    }
  } catch {
    // Broken off: Postgres has the rest.
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Whether Postgres knows more of the run than the relay has given, or knows it as ended. */
async function isBehind(runId: string, lines: number): Promise<boolean> {
  const [known] = await db()
    .select({
      running: sql<boolean>`${run.status} = 'running' and ${run.leaseUntil} > now()`,
      lines: sql<number>`(select coalesce(sum(regexp_count(data, E'\n')), 0)::int
        from run_log where run_id = ${runId})`,
    })
    .from(run)
    .where(eq(run.id, runId));
  return !known?.running || known.lines > lines;
}

/** The log in Postgres, polled until its last line. Ends too where the log has been removed. */
async function* databasePieces(runId: string, after: number): AsyncGenerator<string, void> {
  const cursor = new LineCursor(after);
  let from = { epoch: 0, seq: -1 };
  let quietMs = 0;
  while (!cursor.ended) {
    // Asked first: what was there when the run was already final is all there will be.
    const [state] = await db().select({ status: run.status }).from(run).where(eq(run.id, runId));
    const frames = await db()
      .select({ epoch: runLog.epoch, seq: runLog.seq, data: runLog.data })
      .from(runLog)
      .where(
        and(
          eq(runLog.runId, runId),
          sql`(${runLog.epoch}, ${runLog.seq}) > (${from.epoch}, ${from.seq})`,
        ),
      )
      .orderBy(asc(runLog.epoch), asc(runLog.seq));
    from = frames.at(-1) ?? from;
    const fresh = cursor.take(splitLines(frames.map((frame) => frame.data).join('')));
    if (fresh) {
      quietMs = 0;
      yield fresh;
    } else if (state?.status !== 'running') {
      return;
    } else if (quietMs >= KEEP_ALIVE_MS) {
      quietMs = 0;
      yield '\n';
    }
    await timeout(POLL_MS).promise;
    quietMs += POLL_MS;
  }
}

function timeout(ms: number): { promise: Promise<'timeout'>; cancel: () => void } {
  let timer: NodeJS.Timeout;
  const promise = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(resolve, ms, 'timeout');
  });
  return { promise, cancel: () => clearTimeout(timer) };
}
