import { getConfig } from '@/lib/server/config';
import { createRedisRelay } from '@/lib/server/runs/redis-relay';
import type { RunRelay } from '@/lib/server/runs/run-relay';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** Returns the Redis relay, or null without REDIS_URL: other processes then read from Postgres. */
export function runRelay(): RunRelay | null {
  return processSingleton('runRelay', () => {
    const { redisUrl } = getConfig();
    return redisUrl ? createRedisRelay(redisUrl) : null;
  });
}
