import { getConfig } from '@/lib/server/config';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { createRedisRelay } from '@/lib/server/runs/redis-relay';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** Carries live runs from the process that writes them to the others. */
export interface RunRelay {
  /** Offers a run of this process to the others until it ends. Never throws. */
  publish(run: LiveRun): void;
  /**
   * The run's lines from the first on, in pieces of whole lines; null where the relay does not have
   * it or cannot be reached. The stream may fall silent or break off where its producer dies or a
   * piece is lost on the way; what it gives is the run's beginning without a gap.
   */
  follow(runId: string): Promise<ReadableStream<string> | null>;
  /** Lets go of the connections. */
  close(): Promise<void>;
}

/** The relay through Redis, or null without REDIS_URL: then others read from Postgres. */
export function runRelay(): RunRelay | null {
  return processSingleton('runRelay', () => {
    const { redisUrl } = getConfig();
    return redisUrl ? createRedisRelay(redisUrl) : null;
  });
}
