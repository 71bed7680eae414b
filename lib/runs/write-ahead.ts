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
 * that row until it is committed, so a take-over (`lib/runs/recover.ts`) sees either the frame or no
 * attempt at it, and a deleted chat leaves no frames behind. Frames that were not taken are never shown.
 * After a freeze of the process nothing is shown ahead before an insert has confirmed its run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { giveUpConnections, isDataRefusal, sql } from '@/lib/db/client';
import { unlessSilent } from '@/lib/db/silence';
import { logger } from '@/lib/logger';
import type { FreezeDetector } from '@/lib/runs/freeze-detector';

/** How long a frame waits for its commit before it is shown without. */
const PATIENCE_MS = 250;
/**
 * How long an insert may go without an answer, while heartbeats on another connection get theirs. It
 * doubles with each time, so that a batch that merely takes long gets through.
 */
const SILENCE_MS = 10_000;
const LONGEST_SILENCE_MS = 160_000;
/** Bounds of one statement. */
const BATCH_FRAMES = 2_000;
const BATCH_CHARS = 262_144;
const RETRY_MS = 500;

/** The writer of one run, as the write-ahead knows it. */
export type FrameWriter = {
  readonly runId: string;
  readonly epoch: number;
  /** `FreezeDetector.freezes` when the database last confirmed that the run is this writer's. */
  confirmedAt: number;
  /**
   * Another process has taken the run over, or it was deleted; may be called more than once.
   * @param wasShownAhead whether a frame that is not in the database has been shown
   */
  onLost(wasShownAhead: boolean): void;
  /** The database refuses lines of the run for good; may be called more than once. */
  onRefused(): void;
};

type Entry = {
  writer: FrameWriter;
  seq: number;
  data: string;
  show: (data: string) => void;
  shown: boolean;
  /** False once the batch that holds it is on its way: then it takes no more text. */
  open: boolean;
};

/** A frame on its way. More text may be added until it leaves. */
export type OpenFrame = {
  /** Adds whole lines; false where the frame has left already. */
  add(text: string): boolean;
};

export class WriteAhead {
  private queue: Entry[] = [];
  private inFlight: Entry[] = [];
  private busy = false;
  /** True while frames are shown ahead of the database. */
  private suspended = false;
  private catchingUp = false;
  /** Frames of each run that are not in the database yet, and who waits for there to be none. */
  private readonly unsettled = new Map<string, { frames: number; waiting: Array<() => void> }>();

  /** @param onCommitted told, batch by batch, which runs have grown in the database */
  constructor(
    private readonly onCommitted: (runIds: Set<string>) => void,
    private readonly freezeDetector: FreezeDetector,
  ) {}

  /**
   * Queues one frame. Frames of one run are shown in the order in which they were queued.
   * @param writer of a run whose row is in the database
   * @param show called once, with the frame's whole text; never where the run has been taken over
   */
  write(
    writer: FrameWriter,
    frame: { seq: number; data: string },
    show: (data: string) => void,
  ): OpenFrame {
    const entry: Entry = { ...frame, writer, show, shown: false, open: true };
    this.queue.push(entry);
    const unsettled = this.unsettled.get(writer.runId);
    if (unsettled) unsettled.frames += 1;
    else this.unsettled.set(writer.runId, { frames: 1, waiting: [] });
    if (this.suspended) this.showAhead(entry);
    this.schedule();
    return {
      add(text) {
        if (!entry.open) return false;
        entry.data += text;
        return true;
      },
    };
  }

  /** Resolves when no queued frame of the run is on its way to the database any more. */
  settle(runId: string): Promise<void> {
    return new Promise((resolve) => {
      const unsettled = this.unsettled.get(runId);
      if (unsettled) unsettled.waiting.push(resolve);
      else resolve();
    });
  }

  private schedule(): void {
    if (this.busy) return;
    this.busy = true;
    // Everything that arrives in this turn of the event loop leaves in one statement.
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      this.inFlight = this.takeBatch();
      await this.insert(this.inFlight);
      const settled = this.inFlight;
      this.inFlight = [];
      for (const { writer } of settled) this.settleOne(writer.runId);
      this.tellIfCaughtUp();
    }
    this.busy = false;
  }

  /** Frames that were shown ahead are the oldest: when the next one was not, all are saved. */
  private tellIfCaughtUp(): void {
    if (!this.catchingUp || this.suspended || this.queue[0]?.shown) return;
    this.catchingUp = false;
    logger.info('All that was shown ahead of the database is saved');
  }

  private settleOne(runId: string): void {
    const unsettled = this.unsettled.get(runId);
    if (!unsettled) return;
    unsettled.frames -= 1;
    if (unsettled.frames > 0) return;
    this.unsettled.delete(runId);
    for (const wake of unsettled.waiting) wake();
  }

  private takeBatch(): Entry[] {
    let chars = 0;
    let count = 0;
    for (const entry of this.queue) {
      chars += entry.data.length;
      if (count > 0 && (count >= BATCH_FRAMES || chars > BATCH_CHARS)) break;
      entry.open = false;
      count++;
    }
    return this.queue.splice(0, count);
  }

  /**
   * Inserts the batch, again and again until the database takes it. Where it refuses the data of one
   * writer, that writer alone is told.
   */
  private async insert(batch: Entry[]): Promise<void> {
    let silenceMs = SILENCE_MS;
    const giveUp = () => {
      silenceMs = Math.min(silenceMs * 2, LONGEST_SILENCE_MS);
      giveUpConnections();
    };
    for (;;) {
      const impatience = setTimeout(() => this.suspend('slow'), PATIENCE_MS);
      try {
        const freezes = this.freezeDetector.freezes();
        const lost = await unlessSilent(insertOnce(batch), silenceMs, giveUp);
        this.settleBatch(batch, lost, freezes);
        this.resume();
        return;
      } catch (error) {
        if (isDataRefusal(error)) return await this.insertByWriter(batch, error);
        this.suspend(error);
        await sleep(RETRY_MS);
      } finally {
        clearTimeout(impatience);
      }
    }
  }

  /** The database refuses the batch for good: each writer's frames go by themselves. */
  private async insertByWriter(batch: Entry[], refusal: unknown): Promise<void> {
    const writers = [...new Set(batch.map(({ writer }) => writer))];
    if (writers.length > 1) {
      for (const writer of writers) {
        await this.insert(batch.filter((entry) => entry.writer === writer));
      }
      return;
    }
    for (const { runId, onRefused } of writers) {
      logger.error(
        { err: refusal, runId },
        'The database refused lines of an answer: it ends here',
      );
      onRefused();
    }
  }

  /**
   * Shows what the database has taken, and drops what it has not.
   * @param lost ids of runs that another process has taken over, and of deleted ones
   * @param freezes of the process when the insert was begun
   */
  private settleBatch(batch: Entry[], lost: Set<string>, freezes: number): void {
    const grown = new Set<string>();
    for (const entry of batch) {
      const { writer, shown } = entry;
      if (lost.has(writer.runId)) {
        entry.open = false;
        writer.onLost(shown);
        continue;
      }
      writer.confirmedAt = freezes;
      showEntry(entry);
      grown.add(writer.runId);
    }
    this.onCommitted(grown);
  }

  private suspend(reason: unknown): void {
    if (!this.suspended) {
      this.suspended = true;
      logger.warn(
        { err: reason instanceof Error ? reason : undefined },
        'The database does not take answers in time: they are shown ahead of it until it does',
      );
    }
    // What is shown early must not grow afterwards: closed entries keep rows and readers alike.
    for (const entry of this.inFlight) this.showAhead(entry);
    for (const entry of this.queue) this.showAhead(entry);
  }

  /** Shows a frame before its commit, unless the run may have been taken over during a freeze. */
  private showAhead(entry: Entry): void {
    if (entry.writer.confirmedAt === this.freezeDetector.freezes()) showEntry(entry);
  }

  private resume(): void {
    if (!this.suspended) return;
    this.suspended = false;
    this.catchingUp = true;
    logger.info('The database takes answers again: what was shown ahead of it is being saved');
  }
}

function showEntry(entry: Entry): void {
  entry.open = false;
  if (entry.shown) return;
  entry.shown = true;
  entry.show(entry.data);
}

/**
 * Inserts the frames whose runs are still their writers'.
 * @returns the ids of the other runs: taken over by another process, closed or deleted
 */
async function insertOnce(batch: Entry[]): Promise<Set<string>> {
  const writers = [...new Set(batch.map(({ writer }) => writer))];
  const runIds = writers.map(({ runId }) => runId);
  // The lock (`for share`) waits for a take-over or a deletion that is being committed, and then reads
  // the row again. A batch whose connection broke may have been committed: the same rows again are no
  // conflict.
  const lost = await sql()<Array<{ id: string }>>`
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
  return new Set(lost.map(({ id }) => id));
}
