import type { LiveRun } from '@/lib/server/runs/live-run';

/** Relays live runs from the process that writes them to the others. */
export interface RunRelay {
  /** Publishes a run of this process until it ends. Never throws. */
  publish(run: LiveRun): void;
  /**
   * Streams the run's lines from the first one, in chunks of whole lines; null if the relay does
   * not have the run or is unreachable. The stream may stall or end early if the run's process dies
   * or a chunk is lost; until then it has no gaps.
   */
  follow(runId: string): Promise<ReadableStream<string> | null>;
  /** Closes the connections. */
  close(): Promise<void>;
}
