/** Maps numbers to positions in a chart. Pure. */

export type Scale = {
  /** Returns the position of a value, in units of `range`. */
  toPosition: (value: number) => number;
  /** Round values within the domain, about `count` of them. */
  ticks: number[];
};

/**
 * Accepts any numbers. If their range is too small or too large for round steps, there are no ticks.
 * @param range positions of the smallest and the largest value
 */
export function linearScale(domain: readonly number[], range: [number, number], count = 5): Scale {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of domain) {
    min = Math.min(min, clampToFinite(value));
    max = Math.max(max, clampToFinite(value));
  }
  if (min === max) {
    const margin = Math.max(1, Math.abs(min) * 1e-9);
    min = clampToFinite(min - margin);
    max = clampToFinite(max + margin);
  }
  const roughStep = roundStep(max / count - min / count);
  const step = domain.every(Number.isInteger) ? Math.max(1, roughStep) : roughStep;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  const length = step > 0 && step < Number.POSITIVE_INFINITY ? Math.max(0, last - first + 1) : 0;
  const ticks = Array.from({ length }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  const [from, to] = range;
  // Halved values: the difference of two large numbers may overflow.
  const halfExtent = max / 2 - min / 2;
  const toPosition = (value: number) =>
    from + ((clampToFinite(value) / 2 - min / 2) / (halfExtent || 1)) * (to - from);
  return { toPosition, ticks };
}

/** Clamps infinite values to the largest finite ones. */
function clampToFinite(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

/** Rounds up to 1, 2 or 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
}

/** Formats a tick briefly: large values in compact notation, extreme values in scientific notation. */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  const isExtreme = size >= 1e15 || (size > 0 && size < 1e-6);
  return new Intl.NumberFormat('en', {
    notation: isExtreme ? 'scientific' : size >= 1e5 ? 'compact' : 'standard',
    maximumSignificantDigits: 4,
    // Years get no thousands separator.
    useGrouping: 'min2',
  }).format(value);
}
