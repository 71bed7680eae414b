/**
 * The live runs of this process, and those that ended a moment ago: whoever lost the connection just
 * before the end reads the rest from memory.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '@/lib/db/client';
import { processSingleton } from '@/lib/process';
import { finalizeRunPersistently } from '@/lib/runs/finalize';
import { FreezeDetector } from '@/lib/runs/freeze-detector';
import { LiveRun, type RunRow } from '@/lib/runs/live-run';
import { LEASE_MS } from '@/lib/runs/presence';
import { signals } from '@/lib/runs/signals';
import { WriteAhead } from '@/lib/runs/write-ahead';

/** How long an ended run's log stays in memory. */
const KEEP_ENDED_MS = 120_000;
/** How long anybody waits for an answer to be saved that has ended. */
const SAVE_PATIENCE_MS = 5_000;
/** A notification of Postgres holds 8,000 bytes. */
const IDS_A_SIGNAL = 150;
/**
 * Others count the lease from the last heartbeat that they saw, which is older than the beginning of a
 * freeze: half of it is well before they take a run over.
 */
const FREEZE_MS = LEASE_MS / 2;
/** Ended logs kept, at most, in bytes: beyond it the oldest go early. */
const KEEP_ENDED_BYTES = 64_000_000;

/** How long a reader elsewhere is told of a run's growth; it asks again before. */
const WATCHED_MS = 25_000;

export class RunHub {
  private readonly runs = new Map<string, LiveRun>();
  /** Runs that are not saved yet, by their chat: one each. */
  private readonly live = new Map<string, LiveRun>();
  /** Until when (performance.now) runs are read from Postgres by other processes. */
  private readonly watched = new Map<string, number>();
  /** Ended runs, oldest first. */
  private readonly ended: LiveRun[] = [];
  private endedBytes = 0;
  readonly freezeDetector = new FreezeDetector(FREEZE_MS);
  private readonly writeAhead = new WriteAhead(
    (runIds) => this.tellWatchers(runIds),
    this.freezeDetector,
  );
  /** True once the process is going down: no new runs. */
  closing = false;

  /** A run whose row and first lines are being written; nobody can find it before `adopt`. */
  prepare(row: RunRow, firstLines: string): LiveRun {
    return new LiveRun(
      row,
      firstLines,
      this.writeAhead,
      (final) => finalizeRunPersistently(sql(), final),
      this.freezeDetector.freezes(),
    );
  }

  /** Takes a run whose row and first lines are in the database. */
  adopt(run: LiveRun): void {
    run.adopt();
    this.runs.set(run.row.id, run);
    this.live.set(run.row.chatId, run);
    void run.saved.then(() => this.keepForAWhile(run));
  }

  /** The run, live or just ended, where this process has it. */
  get(runId: string): LiveRun | undefined {
    return this.runs.get(runId);
  }

  /** The chat's run that has not been saved yet, where this process has it. */
  unsavedOf(chatId: string): LiveRun | undefined {
    return this.live.get(chatId);
  }

  /** Runs whose message is not final in the database yet. */
  unsaved(): LiveRun[] {
    return [...this.live.values()];
  }

  /** Another process reads the run from Postgres: it is told when there is more. */
  watch(runId: string): void {
    if (this.runs.has(runId)) this.watched.set(runId, performance.now() + WATCHED_MS);
  }

  /**
   * Resolves when the chat's answer is saved where it has ended and is being saved. Waits for nothing
   * while an answer is being made, and 5 s at the most.
   */
  async endedIsSaved(chatId: string): Promise<void> {
    const run = this.unsavedOf(chatId);
    if (!run?.finished) return;
    await Promise.race([run.saved, sleep(SAVE_PATIENCE_MS)]);
  }

  private tellWatchers(committed: Set<string>): void {
    if (this.watched.size === 0) return;
    const now = performance.now();
    const runIds: string[] = [];
    for (const [runId, until] of this.watched) {
      if (until < now) this.watched.delete(runId);
      else if (committed.has(runId)) runIds.push(runId);
    }
    for (let i = 0; i < runIds.length; i += IDS_A_SIGNAL) {
      signals().post({ type: 'grown', runIds: runIds.slice(i, i + IDS_A_SIGNAL) });
    }
  }

  private keepForAWhile(run: LiveRun): void {
    if (this.live.get(run.row.chatId) === run) this.live.delete(run.row.chatId);
    this.watched.delete(run.row.id);
    if (!run.hasWholeLog) {
      this.runs.delete(run.row.id);
      return;
    }
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
