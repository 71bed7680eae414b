/**
 * The live runs of this process, and those that ended a moment ago: whoever lost the connection just
 * before the end reads the rest from memory.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '@/lib/server/db/client';
import { signals } from '@/lib/server/db/signals';
import { finalizeRunWithRetries } from '@/lib/server/runs/finalize';
import { FreezeDetector } from '@/lib/server/runs/freeze-detector';
import { LiveRun, type RunRow } from '@/lib/server/runs/live-run';
import { LEASE_MS } from '@/lib/server/runs/presence';
import { WriteAhead } from '@/lib/server/runs/write-ahead';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** How long an ended run's log stays in memory. */
const ENDED_LOG_TTL_MS = 120_000;
/** How long anybody waits for an answer to be saved that has ended. */
const SAVE_TIMEOUT_MS = 5_000;
/** A notification of Postgres holds 8,000 bytes. */
const MAX_IDS_PER_SIGNAL = 150;
/**
 * Others count the lease from the last heartbeat that they saw, which is older than the beginning of a
 * freeze: half of it is well before they take a run over.
 */
const FREEZE_THRESHOLD_MS = LEASE_MS / 2;
/** Ended logs kept, at most, in bytes: beyond it the oldest go early. */
const MAX_ENDED_LOG_BYTES = 64_000_000;

/** How long a reader elsewhere is told of a run's growth; it asks again before. */
const WATCH_TTL_MS = 25_000;

export class RunHub {
  private readonly runs = new Map<string, LiveRun>();
  /** Runs that are not saved yet, by their chat: one each. */
  private readonly unsavedByChat = new Map<string, LiveRun>();
  /** Until when (performance.now) runs are read from Postgres by other processes. */
  private readonly watchedUntil = new Map<string, number>();
  /** Ended runs, oldest first. */
  private readonly ended: LiveRun[] = [];
  private endedBytes = 0;
  readonly freezeDetector = new FreezeDetector(FREEZE_THRESHOLD_MS);
  private readonly writeAhead = new WriteAhead(
    (runIds) => this.notifyWatchers(runIds),
    this.freezeDetector,
  );
  /** True once the process is going down: no new runs. */
  isShuttingDown = false;

  /** A run whose row and first lines are being written; nobody can find it before `adopt`. */
  create(row: RunRow, firstLines: string): LiveRun {
    return new LiveRun(
      row,
      firstLines,
      this.writeAhead,
      (final) => finalizeRunWithRetries(sql(), final),
      this.freezeDetector.freezeCount(),
    );
  }

  /** Takes a run whose row and first lines are in the database. */
  register(run: LiveRun): void {
    run.confirmRowWritten();
    this.runs.set(run.row.id, run);
    this.unsavedByChat.set(run.row.chatId, run);
    void run.saved.then(() => this.retainEnded(run));
  }

  /** The run, live or just ended, where this process has it. */
  get(runId: string): LiveRun | undefined {
    return this.runs.get(runId);
  }

  /** The chat's run that has not been saved yet, where this process has it. */
  unsavedRunOf(chatId: string): LiveRun | undefined {
    return this.unsavedByChat.get(chatId);
  }

  /** Runs whose message is not final in the database yet. */
  unsavedRuns(): LiveRun[] {
    return [...this.unsavedByChat.values()];
  }

  /** Another process reads the run from Postgres: it is told when there is more. */
  watch(runId: string): void {
    if (this.runs.has(runId)) this.watchedUntil.set(runId, performance.now() + WATCH_TTL_MS);
  }

  /**
   * Resolves when the chat's answer is saved where it has ended and is being saved. Waits for nothing
   * while an answer is being made, and 5 s at the most.
   */
  async waitUntilPersisted(chatId: string): Promise<void> {
    const run = this.unsavedRunOf(chatId);
    if (!run?.isFinished) return;
    await Promise.race([run.saved, sleep(SAVE_TIMEOUT_MS)]);
  }

  private notifyWatchers(committed: Set<string>): void {
    if (this.watchedUntil.size === 0) return;
    const now = performance.now();
    const runIds: string[] = [];
    for (const [runId, expiresAt] of this.watchedUntil) {
      if (expiresAt < now) this.watchedUntil.delete(runId);
      else if (committed.has(runId)) runIds.push(runId);
    }
    for (let i = 0; i < runIds.length; i += MAX_IDS_PER_SIGNAL) {
      signals().publish({ type: 'grown', runIds: runIds.slice(i, i + MAX_IDS_PER_SIGNAL) });
    }
  }

  private retainEnded(run: LiveRun): void {
    if (this.unsavedByChat.get(run.row.chatId) === run) this.unsavedByChat.delete(run.row.chatId);
    this.watchedUntil.delete(run.row.id);
    if (!run.hasCompleteLog) {
      this.runs.delete(run.row.id);
      return;
    }
    this.ended.push(run);
    this.endedBytes += run.log.bytes;
    const timer = setTimeout(() => this.evict(run), ENDED_LOG_TTL_MS);
    timer.unref();
    while (this.endedBytes > MAX_ENDED_LOG_BYTES && this.ended[0]) this.evict(this.ended[0]);
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
