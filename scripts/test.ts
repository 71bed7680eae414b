import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildIfNeeded } from './lib/build';
import { makeStateDir, PROJECT } from './lib/paths';
import { bold, print, printFailure, step } from './lib/steps';
import { ensureTools } from './test/ensure-tools';
import { addCounts, readPlaywright, readVitest, type TestCounts } from './test/results';

/** All tests, from the installed packages alone: `npm ci && npm test`. */

const results = path.join(makeStateDir(), 'test-results');
const vitestReport = path.join(results, 'vitest.json');
const playwrightReport = path.join(results, 'playwright.json');

try {
  const counts = await runAll();
  for (const failure of counts.failures) print(`\nFailed: ${firstLines(failure)}`);
  // On a line of its own, so that programs can parse it.
  print(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}

async function runAll(): Promise<TestCounts> {
  print();
  const chromium = await step('Tools', 'looking for Chromium and Redis', async () => ({
    result: 'Chromium and Redis found',
    value: ensureTools(),
  }));
  await step('Build', 'building the app, which takes half a minute', async () => {
    const built = await buildIfNeeded();
    return { result: built ? 'the app is built' : 'nothing has changed', value: null };
  });
  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });

  print(`\n${bold('Unit and integration tests')}`);
  const vitestExit = await runNode([
    ...['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'],
    `--outputFile.json=${vitestReport}`,
  ]);
  print(`\n${bold('Browser tests')}`);
  const playwrightExit = await runNode(
    ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
    { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
  );
  return addCounts(
    await readVitest(vitestReport, vitestExit),
    await readPlaywright(playwrightReport, playwrightExit),
  );
}

/** Shortens a failure that the runners have already printed in full, for the end of the output. */
function firstLines(failure: string): string {
  return failure.split('\n').slice(0, 12).join('\n  ');
}

function runNode(args: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: PROJECT,
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}
