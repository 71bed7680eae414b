import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestUserConfig } from 'vitest/config';

const resolve = { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } };

/**
 * Alike in all projects, which share the machine. The configuration and the pool of connections are
 * one a process, so each file has a process to itself.
 */
const common: TestUserConfig = {
  pool: 'forks',
  // One more than there are cores: many files wait for servers, and for time to pass.
  maxWorkers: Math.min(8, availableParallelism() + 1),
  env: { LOG_LEVEL: 'error' },
  // On Node 20.9 the runner itself hangs where more than these are faked.
  fakeTimers: { toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] },
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          ...common,
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          // A thousand random cases take seconds, and several times as long on a busy machine.
          testTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          ...common,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          // As below: what writes megabytes takes most of a minute on a busy machine.
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          ...common,
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          // A busy machine takes several times as long; what hangs fails all the same.
          testTimeout: 240_000,
          hookTimeout: 120_000,
          // After the others, and few at a time: servers whose heartbeats wait for a core are taken for dead.
          maxWorkers: Math.min(4, availableParallelism()),
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
