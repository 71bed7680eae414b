/** From numbers to places on paper. Pure. */

export type Scale = {
  /** Where a value stands, in units of the paper. */
  at: (value: number) => number;
  /** Round values within the range, some `count` of them. */
  ticks: number[];
};

/** @param paper where the least and the greatest value stand */
export function linearScale(values: readonly number[], paper: [number, number], count = 5): Scale {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least === greatest) {
    least -= 1;
    greatest += 1;
  }
  const rough = roundStep((greatest - least) / count);
  const step = values.every(Number.isInteger) ? Math.max(1, rough) : rough;
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(greatest / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  const [from, to] = paper;
  return { at: (value) => from + ((value - least) / (greatest - least)) * (to - from), ticks };
}

/** 1, 2 or 5 times a power of ten, not less than the rough one. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((times) => times * power >= rough * 0.999) ?? 10);
}

/** A tick as it is written: short, and with a unit of size where it is large. */
export function tickLabel(value: number): string {
  return new Intl.NumberFormat('en', {
    notation: Math.abs(value) >= 1e5 ? 'compact' : 'standard',
    maximumSignificantDigits: 4,
    // A year has no comma.
    useGrouping: 'min2',
  }).format(value);
}
