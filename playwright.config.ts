import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS } from './tests/support/chromium-args';

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/support/e2e-setup.ts',
  fullyParallel: false,
  // One more than there are cores: tests wait for servers, and for time to pass. Each has an app.
  workers: Math.min(8, availableParallelism() + 1),
  retries: 0,
  forbidOnly: true,
  // A busy machine takes several times as long; what hangs fails all the same.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: CHROMIUM_ARGS,
    },
    screenshot: 'only-on-failure',
    // A trace takes a quarter of the machine: E2E_TRACE=1 keeps those of failed tests.
    trace: process.env.E2E_TRACE ? 'retain-on-failure' : 'off',
  },
});
