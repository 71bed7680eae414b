/** CPU profiles of the app during a measurement. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestApp } from '@/tests/support/app';

const folder = process.env.BENCH_PROFILE && path.resolve(process.env.BENCH_PROFILE);

/** Variables an app needs for `withProfile`; empty unless BENCH_PROFILE names a folder. */
export function profilingEnvironment(): Record<string, string> {
  if (!folder) return {};
  mkdirSync(folder, { recursive: true });
  const hook = fileURLToPath(new URL('./profile-hook.cjs', import.meta.url));
  return { BENCH_PROFILE: folder, NODE_OPTIONS: `--require ${hook}` };
}

/** Runs `work`. If BENCH_PROFILE is set, the app writes a `.cpuprofile` of it to that folder. */
export async function withProfile<T>(app: TestApp, work: () => Promise<T>): Promise<T> {
  if (!folder) return await work();
  process.kill(app.pid(), 'SIGUSR2');
  try {
    return await work();
  } finally {
    process.kill(app.pid(), 'SIGUSR2');
  }
}
