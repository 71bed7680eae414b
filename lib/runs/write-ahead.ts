/**
 * Nothing is shown before it is durable: every frame of every live run of this process goes to
 * `run_log` first, and is shown when the insert has been committed.
 *
 * All runs share one statement, and the next one leaves as soon as the last is committed. So the
 * busier the process, the larger the batches: about 1 ms of delay and 5 µs a token, whatever the
 * load. A commit that takes longer than PATIENCE_MS must not hold the readers: frames are then shown
 * ahead of the database until it answers again, and the log of the app says so. An insert that gets no
 * answer at all is given up together with its connection, and done again over a new one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { giveUpConnections, sql } from '@/lib/db/client';
import { unlessSilent } from '@/lib/db/silence';
import { logger } from '@/lib/logger';

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
const BATCH_CHARS = 4_000_000;
const RETRY_MS = 500;

type Entry = {
  runId: string;
  epoch: number;
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
  constructor(private readonly onCommitted: (runIds: Set<string>) => void) {}

  /**
   * Queues one frame. Frames of one run are shown in the order in which they were queued.
   * @param show called exactly once, with the frame's whole text
   */
  write(
    frame: { runId: string; epoch: number; seq: number; data: string },
    show: (data: string) => void,
  ): OpenFrame {
    const entry: Entry = { ...frame, show, shown: false, open: true };
    this.queue.push(entry);
    const unsettled = this.unsettled.get(frame.runId);
    if (unsettled) unsettled.frames += 1;
    else this.unsettled.set(frame.runId, { frames: 1, waiting: [] });
    if (this.suspended) showEntry(entry);
    this.schedule();
    return {
      add(text) {
        if (!entry.open) return false;
        entry.data += text;
        return true;
      },
    };
  }

  /** Resolves when every frame of the run that has been queued is in the database. */
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
      await this.insert();
      const settled = this.inFlight;
      this.inFlight = [];
      for (const { runId } of settled) this.settleOne(runId);
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

  /** Inserts the batch in flight, again and again until the database takes it. */
  private async insert(): Promise<void> {
    let silenceMs = SILENCE_MS;
    const giveUp = () => {
      silenceMs = Math.min(silenceMs * 2, LONGEST_SILENCE_MS);
      giveUpConnections();
    };
    for (;;) {
      const impatience = setTimeout(() => this.suspend('slow'), PATIENCE_MS);
      try {
        await unlessSilent(insertOnce(this.inFlight), silenceMs, giveUp);
        for (const entry of this.inFlight) showEntry(entry);
        this.onCommitted(new Set(this.inFlight.map(({ runId }) => runId)));
        this.resume();
        return;
      } catch (error) {
        this.suspend(error);
        await sleep(RETRY_MS);
      } finally {
        clearTimeout(impatience);
      }
    }
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
    for (const entry of this.inFlight) showEntry(entry);
    for (const entry of this.queue) showEntry(entry);
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

async function insertOnce(batch: Entry[]): Promise<void> {
  // A batch whose connection broke may have been committed: the same rows again are no conflict.
  await sql()`
    insert into run_log (run_id, epoch, seq, data)
    select * from unnest(
      ${batch.map((entry) => entry.runId)}::uuid[],
      ${batch.map((entry) => entry.epoch)}::int[],
      ${batch.map((entry) => entry.seq)}::int[],
      ${batch.map((entry) => entry.data)}::text[])
    on conflict do nothing`;
}
