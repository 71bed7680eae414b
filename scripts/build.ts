import { buildIfNeeded } from './lib/build';
import { print, printFailure } from './lib/steps';

try {
  const built = await buildIfNeeded({ inheritOutput: true });
  if (!built) print('Nothing has changed since the last build.');
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
