/** From numbers to places on paper. Pure. */

export type Scale = {
  /** Where a value stands, in units of the paper. */
  at: (value: number) => number;
  /** Round values within the range, some `count` of them. */
  ticks: number[];
};

/**
 * Any numbers will do: where their range is too small or too large for round steps, there are no ticks.
 * @param paper where the least and the greatest value stand
 */
export function linearScale(values: readonly number[], paper: [number, number], count = 5): Scale {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, finite(value));
    greatest = Math.max(greatest, finite(value));
  }
  if (least === greatest) {
    const room = Math.max(1, Math.abs(least) * 1e-9);
    least = finite(least - room);
    greatest = finite(greatest + room);
  }
  const rough = roundStep(greatest / count - least / count);
  const step = values.every(Number.isInteger) ? Math.max(1, rough) : rough;
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(greatest / step + 1e-9);
  const length = step > 0 && step < Number.POSITIVE_INFINITY ? Math.max(0, last - first + 1) : 0;
  const ticks = Array.from({ length }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  const [from, to] = paper;
  // Halves: the difference of two numbers may be too large for one.
  const half = greatest / 2 - least / 2;
  const at = (value: number) =>
    from + ((finite(value) / 2 - least / 2) / (half || 1)) * (to - from);
  return { at, ticks };
}

function finite(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

/** 1, 2 or 5 times a power of ten, not less than the rough one. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((times) => times * power >= rough * 0.999) ?? 10);
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
