import { buildIfNeeded } from './lib/build';
import { say, sayFailure } from './lib/steps';

try {
  const built = await buildIfNeeded({ show: true });
  if (!built) say('Nothing has changed since the last build.');
} catch (error) {
  sayFailure(error);
  process.exitCode = 1;
}
