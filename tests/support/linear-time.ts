import { expect } from 'vitest';

const SIZE_FACTOR = 32;
/**
 * Linear work grows by FACTOR, quadratic work by its square. The limit lies in the middle, five times
 * away from both: caches, garbage collection and a busy machine account for less than that.
 */
const MAX_RATIO = SIZE_FACTOR ** 1.5;
const RUNS = 16;
/** The least of so many counts: the first run also lays out its input, and what disturbs only adds. */
const LARGE_RUNS = 3;

/** CPU time that `work` costs this process, in milliseconds: other processes do not count. */
export function cpuTimeMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * Expects that work grows no faster than its input, give or take a logarithm. The bound is a ratio of
 * two measurements of one process, so it does not depend on the machine's speed.
 * @param prepare makes an input of size `size` and returns the work on it; only the work is measured
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

/** As `expectLinear`, for work that waits. */
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
