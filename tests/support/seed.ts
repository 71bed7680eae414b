/**
 * Seed of random cases and times. It is the same in every run, so that a result depends only on the
 * change under test; TEST_SEED sets another one, as `npm run test:soak` does.
 */
export const SEED = Number(process.env.TEST_SEED ?? 1);

/**
 * Returns a function that returns numbers in [0, 1): the same sequence for the same seed (mulberry32).
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
