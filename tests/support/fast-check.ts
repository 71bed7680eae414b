import fc from 'fast-check';
import { SEED } from '@/tests/support/seed';

fc.configureGlobal({ seed: SEED });

/** fast-check with the shared seed of all tests. */
export default fc;
