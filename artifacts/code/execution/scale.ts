/** From numbers to places on paper. Pure. */

export type Scale = {
  /** Where a value stands, in units of the paper. */
  toPosition: (value: number) => number;
  /** Round values within the range, some `count` of them. */
  ticks: number[];
};

/**
 * Any numbers will do: where their range is too small or too large for round steps, there are no ticks.
 * @param range where the least and the greatest value stand
 */
export function linearScale(domain: readonly number[], range: [number, number], count = 5): Scale {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of domain) {
    min = Math.min(min, finite(value));
    max = Math.max(max, finite(value));
  }
  if (min === max) {
    const room = Math.max(1, Math.abs(min) * 1e-9);
    min = finite(min - room);
    max = finite(max + room);
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
  // Halves: the difference of two numbers may be too large for one.
  const half = max / 2 - min / 2;
  const at = (value: number) => from + ((finite(value) / 2 - min / 2) / (half || 1)) * (to - from);
  return { toPosition: at, ticks };
}

function finite(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

/** 1, 2 or 5 times a power of ten, not less than the rough one. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
}

/** A tick as it is written: short, and with a unit of size where it is large. */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  const isOdd = size >= 1e15 || (size > 0 && size < 1e-6);
  return new Intl.NumberFormat('en', {
    notation: isOdd ? 'scientific' : size >= 1e5 ? 'compact' : 'standard',
    maximumSignificantDigits: 4,
    // A year has no comma.
    useGrouping: 'min2',
  }).format(value);
}
