/**
 * The live runs of this process, and those that ended recently: a client that lost its connection
 * just before the end reads the rest from memory.
 */
import { sql } from '@/lib/server/db/client';
import { signals } from '@/lib/server/db/signals';
import { finalizeRunWithRetries } from '@/lib/server/runs/finalize';
import { FreezeDetector } from '@/lib/server/runs/freeze-detector';
import { LiveRun, type RunRow } from '@/lib/server/runs/live-run';
import { LEASE_MS } from '@/lib/server/runs/presence';
import { WriteAhead } from '@/lib/server/runs/write-ahead';
import { processSingleton } from '@/lib/server/runtime/process-singleton';
import { withTimeout } from '@/lib/shared/with-timeout';

/** How long an ended run's log stays in memory. */
const ENDED_LOG_TTL_MS = 120_000;
/** Timeout for saving an answer that has ended. */
const SAVE_TIMEOUT_MS = 5_000;
/** The payload of a Postgres notification is limited to 8,000 bytes. */
const MAX_IDS_PER_SIGNAL = 150;
/**
 * Other processes count the lease from the last heartbeat, which is earlier than the start of a
 * freeze. Half a lease is well before they take over a run.
 */
const FREEZE_THRESHOLD_MS = LEASE_MS / 2;
/** Total bytes of ended logs in memory; above this the oldest are evicted early. */
const MAX_ENDED_LOG_BYTES = 64_000_000;

/** How long a `follow` signal is valid; readers in other processes renew it before. */
const WATCH_TTL_MS = 25_000;

export class RunHub {
  private readonly runs = new Map<string, LiveRun>();
  /** Runs that are not saved yet. */
  private readonly unsaved = new Set<LiveRun>();
  /** Runs that are created but neither registered nor discarded. */
  private readonly starting = new Set<LiveRun>();
  /** Expiry (performance.now) of the `follow` signals by run id. */
  private readonly watchedUntil = new Map<string, number>();
  /** Ended runs, oldest first. */
  private readonly ended: LiveRun[] = [];
  private endedBytes = 0;
  readonly freezeDetector = new FreezeDetector(FREEZE_THRESHOLD_MS);
  private readonly writeAhead = new WriteAhead(
    (runIds) => this.notifyWatchers(runIds),
    this.freezeDetector,
  );
  /** True once the process is shutting down: new runs are rejected. */
  isShuttingDown = false;

  /** Creates a run whose row and first lines are being written; `get` finds it after `register`. */
  create(row: RunRow, firstLines: string): LiveRun {
    const run = new LiveRun(
      row,
      firstLines,
      this.writeAhead,
      (final) => finalizeRunWithRetries(sql(), final),
      this.freezeDetector.freezeCount(),
    );
    this.starting.add(run);
    // A discarded run counts as saved.
    void run.saved.then(() => this.starting.delete(run));
    return run;
  }

  /** Registers a run whose row and first lines are in the database. */
  register(run: LiveRun): void {
    run.confirmRowWritten();
    this.starting.delete(run);
    this.runs.set(run.row.id, run);
    this.unsaved.add(run);
    void run.saved.then(() => this.retainEnded(run));
  }

  /** Returns the run, live or recently ended, if this process has it. */
  get(runId: string): LiveRun | undefined {
    return this.runs.get(runId);
  }

  /** Returns this process's runs of a chat that are not saved yet, at most one per message. */
  unsavedRunsOf(chatId: string): LiveRun[] {
    return this.unsavedRuns().filter(({ row }) => row.chatId === chatId);
  }

  /** Returns the runs whose message is not finalized in the database yet. */
  unsavedRuns(): LiveRun[] {
    return [...this.unsaved];
  }

  /** Returns `unsavedRuns` and the runs whose row is still being written. */
  unfinishedRuns(): LiveRun[] {
    return [...this.starting, ...this.unsaved];
  }

  /** Called when another process reads the run from Postgres; it then gets `grown` signals. */
  watch(runId: string): void {
    if (this.runs.has(runId)) this.watchedUntil.set(runId, performance.now() + WATCH_TTL_MS);
  }

  /**
   * Resolves when the chat's ended answers are saved, or after 5 s. Does not wait for answers that
   * are still running.
   */
  async waitUntilPersisted(chatId: string): Promise<void> {
    const ended = this.unsavedRunsOf(chatId).filter(({ isFinished }) => isFinished);
    if (ended.length === 0) return;
    const allSaved = Promise.all(ended.map(({ saved }) => saved));
    await withTimeout(allSaved, SAVE_TIMEOUT_MS, () => {});
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
    this.unsaved.delete(run);
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
