import { defineConfig } from '@playwright/test';

/** Chromium talks to nobody but the app: no updates, no metrics, no other host. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A name that is neither https nor localhost, as in a network without certificates.
  '--host-resolver-rules=MAP chat.test 127.0.0.1',
];

/** What takes its time by the clock. */
const PACE = ['**/*pace.spec.ts', '**/pace-*.spec.ts'];

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/support/e2e-setup.ts',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  projects: [
    { name: 'app', testIgnore: PACE },
    // After the others, one at a time: keys and frames are to have the machine to themselves.
    { name: 'pace', testMatch: PACE, workers: 1 },
  ],
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      // Chromium's sandbox does not work for root.
      args: process.getuid?.() === 0 ? [...QUIET, '--no-sandbox'] : QUIET,
    },
    // Without its film, which would take a quarter of the machine.
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
});
