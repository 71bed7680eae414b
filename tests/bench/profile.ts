/** CPU profiles of the app while it is measured, for whoever wants to know where the time goes. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestApp } from '@/tests/support/app';

const folder = process.env.BENCH_PROFILE && path.resolve(process.env.BENCH_PROFILE);

/** What an app's environment needs for `profiled`; nothing unless BENCH_PROFILE names a folder. */
export function profilingEnvironment(): Record<string, string> {
  if (!folder) return {};
  mkdirSync(folder, { recursive: true });
  const hook = fileURLToPath(new URL('./profile-hook.cjs', import.meta.url));
  return { BENCH_PROFILE: folder, NODE_OPTIONS: `--require ${hook}` };
}

/** Does the work; where BENCH_PROFILE is set, the app leaves a `.cpuprofile` of it there. */
export async function withProfile<T>(app: TestApp, work: () => Promise<T>): Promise<T> {
  if (!folder) return await work();
  process.kill(app.pid(), 'SIGUSR2');
  try {
    return await work();
  } finally {
    process.kill(app.pid(), 'SIGUSR2');
  }
}
