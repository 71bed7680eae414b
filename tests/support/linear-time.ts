import { expect } from 'vitest';

const SIZE_FACTOR = 32;
/**
 * The time of linear work grows by SIZE_FACTOR, that of quadratic work by its square. The limit is
 * halfway, more than five times away from both: caches, garbage collection and a busy machine cause
 * less than that.
 */
const MAX_RATIO = SIZE_FACTOR ** 1.5;
const RUNS = 16;
/**
 * The minimum of this many runs counts: the first run also builds its input, and noise only adds.
 */
const LARGE_RUNS = 3;

/** CPU time of this process for `work`, in milliseconds; other processes do not count. */
export function cpuTimeMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * Expects that work takes linear time, up to a logarithmic factor. The bound is a ratio of two
 * measurements in one process, so it does not depend on the machine's speed.
 * @param prepare builds an input of size `size` and returns the work on it; only the work is
 * measured
 */
export function expectLinear(prepare: (size: number) => () => unknown, size: number): void {
  const [small, large] = [prepare(size), prepare(size * SIZE_FACTOR)];
  const repeat = () => {
    for (let run = 0; run < RUNS; run += 1) small();
  };
  // The first runs compile.
  repeat();
  const smallCpuMs = cpuTimeMs(repeat) / RUNS;
  const largeCpuMs = Math.min(...Array.from({ length: LARGE_RUNS }, () => cpuTimeMs(large)));
  expect(
    largeCpuMs / smallCpuMs,
    `${SIZE_FACTOR} times the input took ${largeCpuMs.toFixed(1)} ms after ${smallCpuMs.toFixed(2)} ms`,
  ).toBeLessThan(MAX_RATIO);
}

/** As `expectLinear`, for asynchronous work. */
export async function expectLinearAsync(
  prepare: (size: number) => () => Promise<unknown>,
  size: number,
): Promise<void> {
  const [small, large] = [prepare(size), prepare(size * SIZE_FACTOR)];
  const cost = async (work: () => Promise<unknown>, runs: number) => {
    const before = process.cpuUsage();
    for (let run = 0; run < runs; run += 1) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / runs;
  };
  await cost(small, RUNS);
  const smallCpuMs = await cost(small, RUNS);
  const largeCpuMs = Math.min(await cost(large, 1), await cost(large, 1));
  expect(largeCpuMs / smallCpuMs).toBeLessThan(MAX_RATIO);
}
