/**
 * A frame is delivered only after it is durable: every frame of every live run of this process is
 * inserted into `run_log` first, and delivered when the insert has been committed.
 *
 * All runs share one statement, and the next one is sent as soon as the last is committed. So
 * batches grow with the load: about 1 ms of delay and 5 µs per token at any load. A commit that
 * takes longer than COMMIT_TIMEOUT_MS must not delay the readers: frames are then delivered before
 * their commit until the database responds again, and the app log reports both. An insert without
 * any response is dropped together with its connection, and retried over a new one.
 *
 * Fencing: the insert accepts a frame only while the run's row has its writer's epoch, and locks
 * that row until the commit. So a take-over (`lib/server/runs/recover.ts`) sees all accepted
 * frames, and a deleted chat leaves no frames behind. Frames that are not accepted are never
 * delivered afterwards. After a freeze of the process, a run's frames are not delivered early until
 * an insert has confirmed that the run is still this process's.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMIT_TIMEOUT_MS, MAX_BATCH_CHARS, MAX_BATCH_FRAMES } from '@/lib/protocol/latency';
import { isPermanentError, resetConnections } from '@/lib/server/db/client';
import { withStallTimeout } from '@/lib/server/db/stall-timeout';
import { logger } from '@/lib/server/log/logger';
import type { FreezeDetector } from '@/lib/server/runs/freeze-detector';
import { insertFrames } from '@/lib/server/runs/insert-frames';
import { PendingFrameCounts } from '@/lib/server/runs/pending-frame-counts';

/**
 * Timeout of an insert while heartbeats on another connection succeed. It doubles with each retry,
 * so that a batch that is merely slow succeeds eventually.
 */
const STALL_TIMEOUT_MS = 10_000;
const MAX_STALL_TIMEOUT_MS = 160_000;
const RETRY_DELAY_MS = 500;

/** The writer of one run, as seen by the write-ahead. */
export type FrameWriter = {
  readonly runId: string;
  readonly epoch: number;
  /**
   * `FreezeDetector.freezeCount()` when the database last confirmed that this writer has the run.
   */
  confirmedFreezeCount: number;
  /**
   * Called when another process has taken over the run, or the run was deleted; possibly
   * repeatedly.
   * @param wasDeliveredEarly whether a frame was delivered that is not in the database
   */
  onTakenOver(wasDeliveredEarly: boolean): void;
  /** Called when the database permanently rejects frames of the run; possibly repeatedly. */
  onRejected(): void;
};

type PendingFrame = {
  writer: FrameWriter;
  seq: number;
  data: string;
  deliver: (data: string) => void;
  isDelivered: boolean;
  /** False once its batch is being sent or it is delivered: no more text can be added. */
  isOpen: boolean;
};

/** A queued frame. More text can be added until it is sent or delivered. */
export type OpenFrame = {
  /** Adds whole lines; returns false if the frame is closed. */
  append(text: string): boolean;
};

export class WriteAhead {
  private queue: PendingFrame[] = [];
  private inFlight: PendingFrame[] = [];
  private isDraining = false;
  /** True while frames are delivered before their commit. */
  private isDeliveringEarly = false;
  private isCatchingUp = false;
  /** Counts, per run, the frames that are queued or being inserted. */
  private readonly pending = new PendingFrameCounts();

  /** @param onCommitted called after each batch with the ids of the runs that have grown */
  constructor(
    private readonly onCommitted: (runIds: Set<string>) => void,
    private readonly freezeDetector: FreezeDetector,
  ) {}

  /**
   * Queues one frame. Frames of one run are delivered in the order in which they were queued.
   * @param writer of a run whose row is in the database
   * @param deliver called once with the frame's whole text; not called if the run was taken over
   */
  write(
    writer: FrameWriter,
    frame: { seq: number; data: string },
    deliver: (data: string) => void,
  ): OpenFrame {
    const entry: PendingFrame = { ...frame, writer, deliver, isDelivered: false, isOpen: true };
    this.queue.push(entry);
    this.pending.add(writer.runId);
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

  /** Resolves when no frame of the run is queued or being inserted. */
  settle(runId: string): Promise<void> {
    return this.pending.waitForZero(runId);
  }

  private schedule(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    // All frames of this event-loop turn are sent in one statement.
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      this.inFlight = this.takeBatch();
      await this.insert(this.inFlight);
      const settled = this.inFlight;
      this.inFlight = [];
      for (const { writer } of settled) this.pending.remove(writer.runId);
      this.logIfCaughtUp();
    }
    this.isDraining = false;
  }

  /**
   * Early delivered frames are the oldest: if the next one is not delivered, all of them are saved.
   */
  private logIfCaughtUp(): void {
    if (!this.isCatchingUp || this.isDeliveringEarly || this.queue[0]?.isDelivered) return;
    this.isCatchingUp = false;
    logger.info('All frames delivered before their commit are saved');
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
   * Inserts the batch and retries until the database accepts it. If it permanently rejects the data
   * of one writer, only that writer is notified.
   */
  private async insert(batch: PendingFrame[]): Promise<void> {
    let stallTimeoutMs = STALL_TIMEOUT_MS;
    const onStall = () => {
      stallTimeoutMs = Math.min(stallTimeoutMs * 2, MAX_STALL_TIMEOUT_MS);
      resetConnections();
    };
    const onSlowCommit = () => this.startEarlyDelivery('slow');
    for (;;) {
      try {
        const freezeCount = this.freezeDetector.freezeCount();
        const inserted = withStallTimeout(insertFrames(batch), stallTimeoutMs, onStall);
        const lostRunIds = await withStallTimeout(inserted, COMMIT_TIMEOUT_MS, onSlowCommit);
        this.settleBatch(batch, lostRunIds, freezeCount);
        this.stopEarlyDelivery();
        return;
      } catch (error) {
        if (isPermanentError(error)) return await this.insertByWriter(batch, error);
        this.startEarlyDelivery(error);
        await sleep(RETRY_DELAY_MS);
      }
    }
  }

  /** After a permanent rejection of the batch, inserts the frames of each writer separately. */
  private async insertByWriter(batch: PendingFrame[], error: unknown): Promise<void> {
    const writers = [...new Set(batch.map(({ writer }) => writer))];
    if (writers.length > 1) {
      for (const writer of writers) {
        await this.insert(batch.filter((entry) => entry.writer === writer));
      }
      return;
    }
    for (const { runId, onRejected } of writers) {
      logger.error({ err: error, runId }, 'The database rejected frames of a run; ending it');
      onRejected();
    }
  }

  /**
   * Delivers the frames that the database accepted, and drops the others.
   * @param lostRunIds ids of runs that were taken over by another process or deleted
   * @param freezeCount of the process when the insert started
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
        'The database is too slow; frames of answers are delivered before their commit',
      );
    }
    // Delivery closes an entry, so that its row cannot differ from the delivered text.
    for (const entry of this.inFlight) this.deliverEarly(entry);
    for (const entry of this.queue) this.deliverEarly(entry);
  }

  /**
   * Delivers a frame before its commit, unless the run may have been taken over during a freeze.
   */
  private deliverEarly(entry: PendingFrame): void {
    if (entry.writer.confirmedFreezeCount === this.freezeDetector.freezeCount())
      deliverFrame(entry);
  }

  private stopEarlyDelivery(): void {
    if (!this.isDeliveringEarly) return;
    this.isDeliveringEarly = false;
    this.isCatchingUp = true;
    logger.info('The database accepts writes again; saving the delivered frames');
  }
}

function deliverFrame(entry: PendingFrame): void {
  entry.isOpen = false;
  if (entry.isDelivered) return;
  entry.isDelivered = true;
  entry.deliver(entry.data);
}
