/**
 * Short messages between the processes on one database, through Postgres's LISTEN and NOTIFY. They
 * are hints and may be lost: the authoritative state is in tables, which a process that waits for a
 * signal polls as well.
 */

import type { LiveEvent } from '@/lib/protocol/live-events';
import { sql } from '@/lib/server/db/client';
import { logger } from '@/lib/server/log/logger';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

export const SIGNAL_CHANNEL = 'throughline';

export type Signal =
  /** A stop of the run was requested; `stop_requested_at` of its row is set, too. */
  | { type: 'stop'; runId: string }
  /** Another process reads the run from Postgres and needs `grown` signals. */
  | { type: 'follow'; runId: string }
  /** More frames of the runs are in `run_log`. */
  | { type: 'grown'; runIds: string[] }
  /** The run has ended, and its message is saved. */
  | { type: 'ended'; runId: string }
  /** Sessions were deleted; sent by a database trigger, so that it covers every deletion. */
  | { type: 'sessions-ended'; sessionIds: string[] }
  /** An event for the user's tabs. */
  | { type: 'live'; ownerId: string; event: LiveEvent };

type SignalOf<T extends Signal['type']> = Extract<Signal, { type: T }>;
type Listener = (signal: never) => void;

export class Signals {
  private readonly listeners = new Map<Signal['type'], Set<Listener>>();
  private readonly gapListeners = new Set<() => void>();
  private queue: string[] = [];

  /**
   * Publishes to all processes, including this one. Returns immediately and never throws; if the
   * database does not accept the signal, it is lost. All signals of an event-loop turn share one
   * statement.
   */
  publish(signal: Signal): void {
    this.queue.push(JSON.stringify(signal));
    if (this.queue.length === 1) setImmediate(() => this.flush());
  }

  /** Calls the listener for every signal of the type. Returns an unsubscribe function. */
  on<T extends Signal['type']>(type: T, listener: (signal: SignalOf<T>) => void): () => void {
    const all = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, all.add(listener as Listener));
    return () => all.delete(listener as Listener);
  }

  /** Calls the listener when signals may have been missed. Returns an unsubscribe function. */
  onGap(listener: () => void): () => void {
    this.gapListeners.add(listener);
    return () => this.gapListeners.delete(listener);
  }

  /** Called by the listening connection with each received payload. */
  dispatch(payload: string): void {
    const signal = JSON.parse(payload) as Signal;
    for (const listener of [...(this.listeners.get(signal.type) ?? [])]) listener(signal as never);
  }

  /** Called by the listening connection when it listens again after a gap. */
  emitGap(): void {
    for (const listener of [...this.gapListeners]) listener();
  }

  private flush(): void {
    const payloads = this.queue;
    this.queue = [];
    sql()`select pg_notify(${SIGNAL_CHANNEL}, payload) from unnest(${payloads}::text[]) payload`.catch(
      (error) => logger.debug({ err: error }, 'Signals to other processes could not be sent'),
    );
  }
}

/** The process's signals. */
export function signals(): Signals {
  return processSingleton('signals', () => new Signals());
}

/**
 * Publishes an event to all of the user's tabs, in every process. Never throws and does not wait.
 */
export function publishEvent(ownerId: string, event: LiveEvent): void {
  signals().publish({ type: 'live', ownerId, event });
}
