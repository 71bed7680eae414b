import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findRunningStart } from '../start/start-lock';
import { writeRegistries } from './artifact-registries';
import { explainOutput } from './file-errors';
import { makeStateDir, PROJECT, SERVER_DIR } from './paths';
import { precompressScripts } from './precompress';
import { openPrivate } from './private-files';
import { buildSandbox } from './sandbox';
import { UserError } from './steps';

/** Everything that the built app is made from. */
const SOURCES = [
  'app',
  'artifacts',
  'components',
  'drizzle',
  'lib',
  'public',
  'instrumentation.ts',
  'instrumentation-client.ts',
  'next.config.ts',
  'package-lock.json',
  'package.json',
  'postcss.config.mjs',
  'proxy.ts',
  'tsconfig.json',
];

const STAMP_FILE = path.join(SERVER_DIR, '.built-from');

/**
 * Builds the app if its sources are not the ones of the last build.
 * @param show the build's own output in the terminal; otherwise it goes to a file
 * @returns whether it had to build
 * @throws Problem with the end of the output where the build fails
 */
export async function buildIfNeeded({ show: inheritOutput = false } = {}): Promise<boolean> {
  await writeRegistries();
  const sources = await hashSources();
  if (existsSync(path.join(SERVER_DIR, 'server.js')) && readStamp() === sources) return false;
  const running = findRunningStart();
  if (running && running.pid !== process.pid) {
    throw new UserError(
      `The sources have changed, and Throughline runs from this folder (process ${running.pid}): a build would change files under it. Stop it first.`,
    );
  }
  await rm(STAMP_FILE, { force: true });
  await runNextBuild(inheritOutput);
  await completeServer();
  await writeFile(STAMP_FILE, sources);
  return true;
}

function readStamp(): string | null {
  return existsSync(STAMP_FILE) ? readFileSync(STAMP_FILE, 'utf8') : null;
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0] ?? '');
  for (const source of SOURCES) await addToHash(hash, source);
  return hash.digest('hex');
}

async function addToHash(hash: ReturnType<typeof createHash>, name: string): Promise<void> {
  // Made by `npm run dev`; the build makes its own.
  if (name === 'public/sandbox') return;
  const file = path.join(PROJECT, name);
  const entries = await readdir(file, { withFileTypes: true }).catch(() => null);
  if (entries) {
    const names = entries.map((entry) => `${name}/${entry.name}`).sort();
    for (const inner of names) await addToHash(hash, inner);
  } else if (existsSync(file)) {
    const content = await readFile(file);
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
}

async function runNextBuild(inheritOutput: boolean): Promise<void> {
  const logFile = path.join(makeStateDir(), 'build.log');
  const log = openPrivate(logFile, 'w');
  const child = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    cwd: PROJECT,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: inheritOutput ? 'inherit' : ['ignore', log, log],
  });
  closeSync(log);
  const killChild = () => child.kill();
  process.once('exit', killChild);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  process.off('exit', killChild);
  if (code === 0) return;
  if (inheritOutput) throw new UserError('The build failed.');
  const output = readFileSync(logFile, 'utf8').trimEnd();
  const explanation = explainOutput(output, PROJECT);
  if (explanation) throw new UserError(`The build failed. ${explanation}`);
  const lines = output.split('\n').slice(-25);
  throw new UserError(`The build failed. The end of ${logFile}:\n${lines.join('\n')}`);
}

/** `output: 'standalone'` leaves out what a CDN might serve, and takes along a copy of `.env`. */
async function completeServer(): Promise<void> {
  await cp(path.join(PROJECT, '.next/static'), path.join(SERVER_DIR, '.next/static'), {
    recursive: true,
  });
  if (existsSync(path.join(PROJECT, 'public'))) {
    await cp(path.join(PROJECT, 'public'), path.join(SERVER_DIR, 'public'), { recursive: true });
  }
  await buildSandbox(path.join(SERVER_DIR, 'public'));
  await precompressScripts();
  for (const name of await readdir(SERVER_DIR)) {
    if (/^\.env(\.|$)/.test(name)) await rm(path.join(SERVER_DIR, name));
  }
}
