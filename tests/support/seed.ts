/**
 * Random cases and moments that can be had again. They are the same ones each time, so that whether
 * a change passes depends on the change; TEST_SEED sets others, which `npm run test:soak` does.
 */
export const SEED = Number(process.env.TEST_SEED ?? 1);

/** Numbers from 0 (included) to 1, always the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
