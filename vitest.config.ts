import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestUserConfig } from 'vitest/config';

const resolve = { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } };

/**
 * Shared by all projects, which run on one machine. Configuration and connection pool are per
 * process, so each file runs in its own process.
 */
const common: TestUserConfig = {
  pool: 'forks',
  // One more than cores: many files wait for servers and timers.
  maxWorkers: Math.min(8, availableParallelism() + 1),
  env: { LOG_LEVEL: 'error' },
  // The default of 1 s is shorter than a pause of a busy machine; a condition that never holds
  // still fails.
  expect: { poll: { timeout: 20_000 } },
  // On Node 20.9 the runner hangs if more than these are faked.
  fakeTimers: { toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] },
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        // One test file renders with React's production build, which has no development JSX runtime.
        esbuild: { jsx: 'automatic', jsxDev: false },
        test: {
          ...common,
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          setupFiles: ['tests/support/fail-on-console-error.ts'],
          // A thousand random cases take seconds, several times as long on a busy machine.
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
          // Tests that write megabytes take most of a minute on a busy machine.
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
          // A busy machine takes several times as long; a test that hangs still fails.
          testTimeout: 240_000,
          hookTimeout: 120_000,
          // Run after the others, few at a time: a server whose heartbeat waits for a core counts
          // as dead.
          maxWorkers: Math.min(4, availableParallelism()),
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
