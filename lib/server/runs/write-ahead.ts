/**
 * Nothing is shown before it is durable: every frame of every live run of this process goes to
 * `run_log` first, and is shown when the insert has been committed.
 *
 * All runs share one statement, and the next one leaves as soon as the last is committed. So the
 * busier the process, the larger the batches: about 1 ms of delay and 5 µs a token, whatever the
 * load. A commit that takes longer than PATIENCE_MS must not hold the readers: frames are then shown
 * ahead of the database until it answers again, and the log of the app says so. An insert that gets no
 * answer at all is given up together with its connection, and done again over a new one.
 *
 * Fencing: the insert takes a frame only while the run's row still names its writer's epoch, and locks
 * that row until it is committed, so a take-over (`lib/server/runs/recover.ts`) sees either the frame or no
 * attempt at it, and a deleted chat leaves no frames behind. Frames that were not taken are never shown.
 * After a freeze of the process nothing is shown ahead before an insert has confirmed its run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPermanentError, resetConnections, sql } from '@/lib/server/db/client';
import { withStallTimeout } from '@/lib/server/db/stall-timeout';
import { logger } from '@/lib/server/log/logger';
import type { FreezeDetector } from '@/lib/server/runs/freeze-detector';

/** How long a frame waits for its commit before it is shown without. */
const COMMIT_TIMEOUT_MS = 250;
/**
 * How long an insert may go without an answer, while heartbeats on another connection get theirs. It
 * doubles with each time, so that a batch that merely takes long gets through.
 */
const STALL_TIMEOUT_MS = 10_000;
const MAX_STALL_TIMEOUT_MS = 160_000;
/** Bounds of one statement. */
const MAX_BATCH_FRAMES = 2_000;
const MAX_BATCH_CHARS = 262_144;
const RETRY_DELAY_MS = 500;

/** The writer of one run, as the write-ahead knows it. */
export type FrameWriter = {
  readonly runId: string;
  readonly epoch: number;
  /** `FreezeDetector.freezes` when the database last confirmed that the run is this writer's. */
  confirmedFreezeCount: number;
  /**
   * Another process has taken the run over, or it was deleted; may be called more than once.
   * @param wasShownAhead whether a frame that is not in the database has been shown
   */
  onTakenOver(wasShownAhead: boolean): void;
  /** The database refuses lines of the run for good; may be called more than once. */
  onRejected(): void;
};

type PendingFrame = {
  writer: FrameWriter;
  seq: number;
  data: string;
  deliver: (data: string) => void;
  isDelivered: boolean;
  /** False once the batch that holds it is on its way: then it takes no more text. */
  isOpen: boolean;
};

/** A frame on its way. More text may be added until it leaves. */
export type OpenFrame = {
  /** Adds whole lines; false where the frame has left already. */
  append(text: string): boolean;
};

export class WriteAhead {
  private queue: PendingFrame[] = [];
  private inFlight: PendingFrame[] = [];
  private isDraining = false;
  /** True while frames are shown ahead of the database. */
  private isDeliveringEarly = false;
  private isCatchingUp = false;
  /** Frames of each run that are not in the database yet, and who waits for there to be none. */
  private readonly pendingByRun = new Map<string, { frames: number; waiters: Array<() => void> }>();

  /** @param onCommitted told, batch by batch, which runs have grown in the database */
  constructor(
    private readonly onCommitted: (runIds: Set<string>) => void,
    private readonly freezeDetector: FreezeDetector,
  ) {}

  /**
   * Queues one frame. Frames of one run are shown in the order in which they were queued.
   * @param writer of a run whose row is in the database
   * @param deliver called once, with the frame's whole text; never where the run has been taken over
   */
  write(
    writer: FrameWriter,
    frame: { seq: number; data: string },
    deliver: (data: string) => void,
  ): OpenFrame {
    const entry: PendingFrame = { ...frame, writer, deliver, isDelivered: false, isOpen: true };
    this.queue.push(entry);
    const unsettled = this.pendingByRun.get(writer.runId);
    if (unsettled) unsettled.frames += 1;
    else this.pendingByRun.set(writer.runId, { frames: 1, waiters: [] });
    if (this.isDeliveringEarly) this.deliverEarly(entry);
    this.schedule();
    return {
      append(text) {
        if (!entry.isOpen) return false;
        entry.data += text;
        return true;
      },
    };
  }

  /** Resolves when no queued frame of the run is on its way to the database any more. */
  settle(runId: string): Promise<void> {
    return new Promise((resolve) => {
      const unsettled = this.pendingByRun.get(runId);
      if (unsettled) unsettled.waiters.push(resolve);
      else resolve();
    });
  }

  private schedule(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    // Everything that arrives in this turn of the event loop leaves in one statement.
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      this.inFlight = this.takeBatch();
      await this.insert(this.inFlight);
      const settled = this.inFlight;
      this.inFlight = [];
      for (const { writer } of settled) this.settleFrame(writer.runId);
      this.logIfCaughtUp();
    }
    this.isDraining = false;
  }

  /** Frames that were shown ahead are the oldest: when the next one was not, all are saved. */
  private logIfCaughtUp(): void {
    if (!this.isCatchingUp || this.isDeliveringEarly || this.queue[0]?.isDelivered) return;
    this.isCatchingUp = false;
    logger.info('All that was shown ahead of the database is saved');
  }

  private settleFrame(runId: string): void {
    const unsettled = this.pendingByRun.get(runId);
    if (!unsettled) return;
    unsettled.frames -= 1;
    if (unsettled.frames > 0) return;
    this.pendingByRun.delete(runId);
    for (const wake of unsettled.waiters) wake();
  }

  private takeBatch(): PendingFrame[] {
    let chars = 0;
    let count = 0;
    for (const entry of this.queue) {
      chars += entry.data.length;
      if (count > 0 && (count >= MAX_BATCH_FRAMES || chars > MAX_BATCH_CHARS)) break;
      entry.isOpen = false;
      count++;
    }
    return this.queue.splice(0, count);
  }

  /**
   * Inserts the batch, again and again until the database takes it. Where it refuses the data of one
   * writer, that writer alone is told.
   */
  private async insert(batch: PendingFrame[]): Promise<void> {
    let stallTimeoutMs = STALL_TIMEOUT_MS;
    const onStall = () => {
      stallTimeoutMs = Math.min(stallTimeoutMs * 2, MAX_STALL_TIMEOUT_MS);
      resetConnections();
    };
    for (;;) {
      const commitTimer = setTimeout(() => this.startEarlyDelivery('slow'), COMMIT_TIMEOUT_MS);
      try {
        const freezeCount = this.freezeDetector.freezeCount();
        const lostRunIds = await withStallTimeout(insertOnce(batch), stallTimeoutMs, onStall);
        this.settleBatch(batch, lostRunIds, freezeCount);
        this.stopEarlyDelivery();
        return;
      } catch (error) {
        if (isPermanentError(error)) return await this.insertByWriter(batch, error);
        this.startEarlyDelivery(error);
        await sleep(RETRY_DELAY_MS);
      } finally {
        clearTimeout(commitTimer);
      }
    }
  }

  /** The database refuses the batch for good: each writer's frames go by themselves. */
  private async insertByWriter(batch: PendingFrame[], error: unknown): Promise<void> {
    const writers = [...new Set(batch.map(({ writer }) => writer))];
    if (writers.length > 1) {
      for (const writer of writers) {
        await this.insert(batch.filter((entry) => entry.writer === writer));
      }
      return;
    }
    for (const { runId, onRejected } of writers) {
      logger.error({ err: error, runId }, 'The database refused lines of an answer: it ends here');
      onRejected();
    }
  }

  /**
   * Shows what the database has taken, and drops what it has not.
   * @param lostRunIds ids of runs that another process has taken over, and of deleted ones
   * @param freezeCount of the process when the insert was begun
   */
  private settleBatch(batch: PendingFrame[], lostRunIds: Set<string>, freezeCount: number): void {
    const committedRunIds = new Set<string>();
    for (const entry of batch) {
      const { writer, isDelivered } = entry;
      if (lostRunIds.has(writer.runId)) {
        entry.isOpen = false;
        writer.onTakenOver(isDelivered);
        continue;
      }
      writer.confirmedFreezeCount = freezeCount;
      deliverFrame(entry);
      committedRunIds.add(writer.runId);
    }
    this.onCommitted(committedRunIds);
  }

  private startEarlyDelivery(reason: unknown): void {
    if (!this.isDeliveringEarly) {
      this.isDeliveringEarly = true;
      logger.warn(
        { err: reason instanceof Error ? reason : undefined },
        'The database does not take answers in time: they are shown ahead of it until it does',
      );
    }
    // What is shown early must not grow afterwards: closed entries keep rows and readers alike.
    for (const entry of this.inFlight) this.deliverEarly(entry);
    for (const entry of this.queue) this.deliverEarly(entry);
  }

  /** Shows a frame before its commit, unless the run may have been taken over during a freeze. */
  private deliverEarly(entry: PendingFrame): void {
    if (entry.writer.confirmedFreezeCount === this.freezeDetector.freezeCount())
      deliverFrame(entry);
  }

  private stopEarlyDelivery(): void {
    if (!this.isDeliveringEarly) return;
    this.isDeliveringEarly = false;
    this.isCatchingUp = true;
    logger.info('The database takes answers again: what was shown ahead of it is being saved');
  }
}

function deliverFrame(entry: PendingFrame): void {
  entry.isOpen = false;
  if (entry.isDelivered) return;
  entry.isDelivered = true;
  entry.deliver(entry.data);
}

/**
 * Inserts the frames whose runs are still their writers'.
 * @returns the ids of the other runs: taken over by another process, closed or deleted
 */
async function insertOnce(batch: PendingFrame[]): Promise<Set<string>> {
  const writers = [...new Set(batch.map(({ writer }) => writer))];
  const runIds = writers.map(({ runId }) => runId);
  // The lock (`for share`) waits for a take-over or a deletion that is being committed, and then reads
  // the row again. A batch whose connection broke may have been committed: the same rows again are no
  // conflict.
  const lostRuns = await sql()<Array<{ id: string }>>`
    with owned as materialized (
      select id, epoch from run
      where id = any(${runIds}::uuid[]) and status = 'running' for share
    ), inserted as (
      insert into run_log (run_id, epoch, seq, data)
      select frame.* from unnest(
        ${batch.map(({ writer }) => writer.runId)}::uuid[],
        ${batch.map(({ writer }) => writer.epoch)}::int[],
        ${batch.map(({ seq }) => seq)}::int[],
        ${batch.map(({ data }) => data)}::text[]) as frame(run_id, epoch, seq, data)
      join owned on owned.id = frame.run_id and owned.epoch = frame.epoch
      on conflict do nothing
    )
    select id from unnest(${runIds}::uuid[], ${writers.map(({ epoch }) => epoch)}::int[])
      as writer(id, epoch)
    where (id, epoch) not in (select id, epoch from owned)`;
  return new Set(lostRuns.map(({ id }) => id));
}
