import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const resolve = { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } };

/**
 * Alike in both projects, which share the machine. The configuration and the pool of connections are
 * one a process, so each file has a process to itself.
 */
const common = { pool: 'forks', maxWorkers: 2, env: { LOG_LEVEL: 'error' } } as const;

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: { ...common, name: 'unit', include: ['tests/unit/**/*.test.ts'] },
      },
      {
        resolve,
        test: {
          ...common,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
