import { spawn } from 'node:child_process';
import { buildIfNeeded } from './lib/build';
import { PROJECT } from './lib/paths';
import { bold, print, printFailure } from './lib/steps';
import { ensureTools } from './test/ensure-tools';

/**
 * Runs the unit and fault tests repeatedly, each time with another random seed: `npm run
 * test:soak`, or `npm run test:soak -- 20` for 20 times, or `npm run test:soak -- 20 4711` to start
 * at that seed.
 */

const times = Number(process.argv[3] ?? 10);
const firstSeed = Number(process.argv[4] ?? Date.now() % 1_000_000);

try {
  ensureTools();
  await buildIfNeeded();
  const failed: number[] = [];
  for (let seed = firstSeed; seed < firstSeed + times; seed++) {
    print(`\n${bold(`Unit and fault tests, ${seed - firstSeed + 1} of ${times}, seed ${seed}`)}`);
    if ((await runTests(seed)) !== 0) failed.push(seed);
  }
  const count = `${times - failed.length} of ${times} passed`;
  print(
    `\n${failed.length === 0 ? count : `${count}; failed with the seeds ${failed.join(', ')}`}`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}

function runTests(seed: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--project', 'faults'],
      { cwd: PROJECT, env: { ...process.env, TEST_SEED: String(seed) }, stdio: 'inherit' },
    );
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}
