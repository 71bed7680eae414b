/** Builds a chart from the arguments of `plot`, for JavaScript and Python. */
import { CHART_KINDS, type Chart, MAX_CHART_POINTS } from '@/artifacts/code/execution/protocol';

export type PlotOptions = Partial<Record<'kind' | 'title' | 'xlabel' | 'ylabel' | 'label', string>>;

/**
 * `plot(ys)`, `plot(xs, ys)` or `plot(xs, { name: ys, … })`.
 * @throws Error with a message for the author of the program
 */
export function buildChart(xs: unknown, ys: unknown, options: PlotOptions): Chart {
  const kind = (options.kind ?? 'line') as Chart['kind'];
  if (!CHART_KINDS.includes(kind)) {
    throw new Error(`plot: kind must be one of ${CHART_KINDS.join(', ')}, not ${kind}.`);
  }
  const seriesValues = Object.entries(toSeries(ys ?? xs, options.label ?? ''));
  const longest = Math.max(0, ...seriesValues.map(([, values]) => values.length));
  const xValues = ys === undefined || ys === null ? range(longest) : toArray(xs);
  const isNumericX = xValues.every((value) => Number.isFinite(toNumber(value)));
  const series = seriesValues.map(([name, values]) => {
    if (values.length !== xValues.length) {
      throw new Error(`plot: x has ${xValues.length} values, but y has ${values.length}.`);
    }
    const points = values.map((value, index): [number, number] => [
      isNumericX ? toNumber(xValues[index]) : index,
      toNumber(value),
    ]);
    return { name, points: downsample(points.filter((point) => point.every(Number.isFinite))) };
  });
  if (!series.some(({ points }) => points.length > 0))
    throw new Error('plot: there are no numbers to plot.');
  return {
    kind,
    title: String(options.title ?? ''),
    xlabel: String(options.xlabel ?? ''),
    ylabel: String(options.ylabel ?? ''),
    categories: isNumericX ? null : xValues.slice(0, MAX_CHART_POINTS).map(String),
    series,
  };
}

function toSeries(ys: unknown, label: string): Record<string, unknown[]> {
  const isNamed = typeof ys === 'object' && ys !== null && !(Symbol.iterator in ys);
  if (!isNamed) return { [label]: toArray(ys) };
  return Object.fromEntries(Object.entries(ys).map(([name, values]) => [name, toArray(values)]));
}

function toArray(values: unknown): unknown[] {
  if (typeof values === 'object' && values !== null && Symbol.iterator in values) {
    return [...(values as Iterable<unknown>)];
  }
  throw new Error('plot: pass lists of numbers.');
}

function toNumber(value: unknown): number {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? Number(value)
    : Number.NaN;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Keeps every nth point if there are more than the limit. */
function downsample<T>(points: T[]): T[] {
  const step = Math.ceil(points.length / MAX_CHART_POINTS);
  return step <= 1 ? points : points.filter((_, index) => index % step === 0);
}
