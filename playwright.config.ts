import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS } from './tests/support/chromium-args';

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/support/e2e/global-setup.ts',
  fullyParallel: false,
  // One more than cores: tests wait for servers and timers. Each worker has its own app.
  workers: Math.min(8, availableParallelism() + 1),
  retries: 0,
  forbidOnly: true,
  // A busy machine takes several times as long; a test that hangs still fails.
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
    // Tracing takes a quarter of the CPU: E2E_TRACE=1 stores the traces of failed tests.
    trace: process.env.E2E_TRACE ? 'retain-on-failure' : 'off',
  },
});
