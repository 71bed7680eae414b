import { runBenchmarks } from '@/tests/bench/main';
import { buildIfNeeded } from './lib/build';
import { print, printFailure, step } from './lib/steps';
import { ensureTools } from './test/ensure-tools';

/** `npm run bench` runs all benchmarks, `npm run bench -- first-token cpu` some of them. */

try {
  print();
  await step('Tools', 'looking for Redis', async () => {
    ensureTools();
    return { result: 'Redis found', value: null };
  });
  await step('Build', 'building the app, which takes half a minute', async () => {
    const built = await buildIfNeeded();
    return { result: built ? 'the app is built' : 'nothing has changed', value: null };
  });
  await runBenchmarks(process.argv.slice(3));
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
