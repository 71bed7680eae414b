import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { startApp } from '@/tests/support/app';
import { startPostgres } from '@/tests/support/postgres';
import { buildIfNeeded } from './lib/build';
import { PROJECT } from './lib/paths';
import { print, printFailure, step } from './lib/steps';
import { startExampleModel } from './screenshots/example-model';
import { takeScreenshots } from './screenshots/take-screenshots';
import { ensureTools } from './test/ensure-tools';

/**
 * `npm run screenshots` takes the screenshots of the README: an example conversation in the built
 * app, in a light and a dark theme. Nothing is shared with an installation in this folder.
 */

try {
  print();
  const chromium = await step('Tools', 'looking for Chromium', async () => ({
    result: 'Chromium found',
    value: ensureTools(),
  }));
  await step('Build', 'building the app, which takes half a minute', async () => {
    const built = await buildIfNeeded();
    return { result: built ? 'the app is built' : 'nothing has changed', value: null };
  });
  await step('Screenshots', 'taking the screenshots', async () => {
    const files = await startAndTakeScreenshots(chromium);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    const kilobytes = sizes.map((size) => `${Math.round(size / 1000)} kB`).join(' and ');
    return { result: `docs/images, ${kilobytes}`, value: null };
  });
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}

async function startAndTakeScreenshots(executablePath: string): Promise<string[]> {
  const folder = path.join(PROJECT, 'docs/images');
  await mkdir(folder, { recursive: true });
  const model = await startExampleModel();
  const postgres = await startPostgres();
  const app = await startApp({
    env: { POSTGRES_URL: postgres.url, OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'warn' },
  });
  try {
    return await takeScreenshots({ baseURL: app.baseUrl, folder, executablePath });
  } finally {
    await app.stop();
    await postgres.destroy();
    await model.stop();
  }
}
