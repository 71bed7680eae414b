import { findProgram } from '../lib/find-program';

/** The path of redis-server (or valkey-server, which is the same to us); null where there is none. */
export function findRedis(): string | null {
  return (
    process.env.REDIS_SERVER_PATH || findProgram('redis-server') || findProgram('valkey-server')
  );
}
