import { spawnSync } from 'node:child_process';
import { findProgram } from '../lib/find-program';

/** How to run Redis: a program, or a container engine that runs its image. */
export type RedisSource = { kind: 'program'; path: string } | { kind: 'engine'; path: string };

/** Returns null without either. A valkey-server works as well. */
export function findRedis(): RedisSource | null {
  for (const name of ['redis-server', 'valkey-server']) {
    const path = findProgram(name);
    if (path) return { kind: 'program', path };
  }
  for (const name of ['docker', 'podman']) {
    const path = findProgram(name);
    if (path && spawnSync(path, ['info'], { timeout: 20_000 }).status === 0) {
      return { kind: 'engine', path };
    }
  }
  return null;
}
