/**
 * The live runs of this process, and those that ended a moment ago: whoever lost the connection just
 * before the end reads the rest from memory.
 */
import { db, sql } from '@/lib/db/client';
import { processSingleton } from '@/lib/process';
import { finalizeRunPersistently } from '@/lib/runs/finalize';
import { LiveRun, type RunRow } from '@/lib/runs/live-run';
import { WriteAhead } from '@/lib/runs/write-ahead';

/** How long an ended run's log stays in memory. */
const KEEP_ENDED_MS = 120_000;
/** How long anybody waits for an answer to be saved that has been shown to its end. */
const SAVE_PATIENCE_MS = 5_000;
/** Ended logs kept, at most, in bytes: beyond it the oldest go early. */
const KEEP_ENDED_BYTES = 64_000_000;

export class RunHub {
  private readonly runs = new Map<string, LiveRun>();
  /** Ended runs, oldest first. */
  private readonly ended: LiveRun[] = [];
  private endedBytes = 0;
  private readonly writeAhead = new WriteAhead(sql);
  /** True once the process is going down: no new runs. */
  closing = false;

  /** Takes a run whose row has been inserted for this process. */
  open(row: RunRow): LiveRun {
    const run = new LiveRun(row, this.writeAhead, (final) => finalizeRunPersistently(db(), final));
    this.runs.set(row.id, run);
    void run.saved.then(() => this.keepForAWhile(run));
    return run;
  }

  /** The run, live or just ended, where this process has it. */
  get(runId: string): LiveRun | undefined {
    return this.runs.get(runId);
  }

  /** The chat's run that has not been saved yet, where this process has it. */
  unsavedOf(chatId: string): LiveRun | undefined {
    return this.unsaved().find((run) => run.row.chatId === chatId);
  }

  /** Runs whose message is not final in the database yet. */
  unsaved(): LiveRun[] {
    return [...this.runs.values()].filter((run) => !this.ended.includes(run));
  }

  /**
   * Resolves when the database has what readers of the chat have been shown as finished: an end may
   * be told a moment before it is saved. Waits for nothing while an answer is being made, and 5 s at
   * the most.
   */
  async shownIsSaved(chatId: string): Promise<void> {
    const run = this.unsavedOf(chatId);
    if (!run?.finished) return;
    await Promise.race([
      run.saved,
      new Promise((resolve) => setTimeout(resolve, SAVE_PATIENCE_MS)),
    ]);
  }

  private keepForAWhile(run: LiveRun): void {
    this.ended.push(run);
    this.endedBytes += run.log.bytes;
    const timer = setTimeout(() => this.evict(run), KEEP_ENDED_MS);
    timer.unref();
    while (this.endedBytes > KEEP_ENDED_BYTES && this.ended[0]) this.evict(this.ended[0]);
  }

  private evict(run: LiveRun): void {
    const index = this.ended.indexOf(run);
    if (index === -1) return;
    this.ended.splice(index, 1);
    this.endedBytes -= run.log.bytes;
    this.runs.delete(run.row.id);
  }
}

/** The process's hub. */
export function runHub(): RunHub {
  return processSingleton('runHub', () => new RunHub());
}
