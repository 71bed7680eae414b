/**
 * Short messages between the processes on one database, through Postgres's LISTEN and NOTIFY: wake-ups
 * and hints. None is ever the only carrier of anything: what must not be lost is in a table, and
 * whoever waits for a signal looks there now and then as well.
 */

import type { LiveEvent } from '@/lib/protocol/api';
import { sql } from '@/lib/server/db/client';
import { logger } from '@/lib/server/log/logger';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

export const SIGNAL_CHANNEL = 'throughline';

export type Signal =
  /** Somebody wants the run to end; its row says so too. */
  | { type: 'stop'; runId: string }
  /** Somebody in another process reads the run from Postgres: tell when it grows. */
  | { type: 'follow'; runId: string }
  | { type: 'grown'; runIds: string[] }
  /** The run is final, and its message is saved. */
  | { type: 'ended'; runId: string }
  /** Sessions were deleted, by whatever way: a trigger of the database posts it. */
  | { type: 'sessions-ended'; sessionIds: string[] }
  /** Something happened in a person's chats. */
  | { type: 'live'; ownerId: string; event: LiveEvent };

type SignalOf<T extends Signal['type']> = Extract<Signal, { type: T }>;
type Listener = (signal: never) => void;

export class Signals {
  private readonly listeners = new Map<Signal['type'], Set<Listener>>();
  private readonly gapListeners = new Set<() => void>();
  private queue: string[] = [];

  /**
   * Tells all processes, this one too. Never throws and waits for nothing; a signal that the database
   * does not take is lost. One statement for all of a turn of the event loop.
   */
  publish(signal: Signal): void {
    this.queue.push(JSON.stringify(signal));
    if (this.queue.length === 1) setImmediate(() => this.flush());
  }

  /** Calls the listener for every signal of the type. Returns what ends that. */
  on<T extends Signal['type']>(type: T, listener: (signal: SignalOf<T>) => void): () => void {
    const all = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, all.add(listener as Listener));
    return () => all.delete(listener as Listener);
  }

  /** Calls the listener when signals may have been missed. Returns what ends that. */
  onGap(listener: () => void): () => void {
    this.gapListeners.add(listener);
    return () => this.gapListeners.delete(listener);
  }

  /** For the connection that listens: what it has received. */
  dispatch(payload: string): void {
    const signal = JSON.parse(payload) as Signal;
    for (const listener of [...(this.listeners.get(signal.type) ?? [])]) listener(signal as never);
  }

  /** For the connection that listens: it listens again, after a time in which it did not. */
  emitGap(): void {
    for (const listener of [...this.gapListeners]) listener();
  }

  private flush(): void {
    const payloads = this.queue;
    this.queue = [];
    sql()`select pg_notify(${SIGNAL_CHANNEL}, payload) from unnest(${payloads}::text[]) payload`.catch(
      (error) => logger.debug({ err: error }, 'Signals to other processes were lost'),
    );
  }
}

/** The process's signals. */
export function signals(): Signals {
  return processSingleton('signals', () => new Signals());
}
