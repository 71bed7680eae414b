/** A histogram of milliseconds in steps of 0.1 ms, for too many values to store each. */

const STEP_MS = 0.1;

export type Histogram = {
  add(ms: number): void;
  /** The value that `share` (0 to 1) of the values do not exceed, to 0.1 ms; NaN without values. */
  percentile(share: number): number;
  clear(): void;
};

/** @param maxMs longer values count as this */
export function histogram(maxMs = 10_000): Histogram {
  const counts = new Uint32Array(Math.ceil(maxMs / STEP_MS) + 1);
  let total = 0;
  return {
    add(value) {
      const step = Math.min(counts.length - 1, Math.max(0, Math.floor(value / STEP_MS)));
      counts[step] = (counts[step] ?? 0) + 1;
      total += 1;
    },
    percentile(share) {
      let remaining = Math.ceil(share * total);
      for (let step = 0; remaining > 0; step++) {
        remaining -= counts[step] ?? 0;
        if (remaining <= 0) return step * STEP_MS;
      }
      return Number.NaN;
    },
    clear() {
      counts.fill(0);
      total = 0;
    },
  };
}
