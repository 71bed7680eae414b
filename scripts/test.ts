import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildIfNeeded } from './lib/build';
import { makeStateDir, PROJECT } from './lib/paths';
import { bold, say, sayFailure, step } from './lib/steps';
import { add, type Counts, readPlaywright, readVitest } from './test/results';
import { provideTools } from './test/tools';

/** All tests, from nothing but the installed packages: `npm ci && npm test`. */

const results = path.join(makeStateDir(), 'test-results');
const vitestReport = path.join(results, 'vitest.json');
const faultsReport = path.join(results, 'faults.json');
const faultsOutput = path.join(results, 'faults.log');
const playwrightReport = path.join(results, 'playwright.json');

try {
  const counts = await runAll();
  for (const failure of counts.failures) say(`\nFailed: ${shorten(failure)}`);
  // Alone on its line, for whoever reads this by machine.
  say(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
} catch (error) {
  sayFailure(error);
  process.exitCode = 1;
}

async function runAll(): Promise<Counts> {
  say();
  const chromium = await step('Tools', 'looking for Chromium and Redis', async () => ({
    result: 'Chromium and Redis are there',
    value: provideTools(),
  }));
  await step('Build', 'building the app, which takes half a minute', async () => {
    const built = await buildIfNeeded();
    return { result: built ? 'the app is built' : 'nothing has changed', value: null };
  });
  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });

  say(`\n${bold('Unit and integration tests')}`);
  const vitestExit = await node(vitest(['unit', 'integration'], vitestReport));
  // Fault tests wait for most of their time, and browser tests do not: they share the machine.
  say(`\n${bold('Browser tests, and fault tests beside them')}`);
  const faults = node(vitest(['faults'], faultsReport), {}, faultsOutput);
  const playwrightExit = await node(
    ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
    { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
  );
  const faultsExit = await faults;
  say(`\n${bold('Fault tests')}\n${readFileSync(faultsOutput, 'utf8').trimEnd()}`);
  return add(
    await readVitest(vitestReport, vitestExit),
    await readVitest(faultsReport, faultsExit),
    await readPlaywright(playwrightReport, playwrightExit),
  );
}

function vitest(projects: string[], report: string): string[] {
  return [
    ...['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'],
    `--outputFile.json=${report}`,
    ...projects.flatMap((project) => ['--project', project]),
  ];
}

/** The runners have told all of it; this is to find it again at the end of a long output. */
function shorten(failure: string): string {
  return failure.split('\n').slice(0, 12).join('\n  ');
}

/** @param output the file that takes what the program prints; without one it goes to the terminal */
function node(args: string[], env: Record<string, string> = {}, output?: string): Promise<number> {
  const file = output === undefined ? null : openSync(output, 'w');
  return new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: PROJECT,
      env: { ...process.env, ...env },
      stdio: file === null ? 'inherit' : ['ignore', file, file],
    });
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  }).finally(() => file !== null && closeSync(file));
}
