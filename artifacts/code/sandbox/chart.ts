/** What `plot` is given, in either language, as a chart. */
import { CHART_KINDS, CHART_LIMIT_POINTS, type Chart } from '../run/protocol';

export type PlotOptions = Partial<Record<'kind' | 'title' | 'xlabel' | 'ylabel' | 'label', string>>;

/**
 * `plot(ys)`, `plot(xs, ys)` or `plot(xs, { name: ys, … })`.
 * @throws Error in words for whoever wrote the program
 */
export function chartOf(xs: unknown, ys: unknown, options: PlotOptions): Chart {
  const kind = (options.kind ?? 'line') as Chart['kind'];
  if (!CHART_KINDS.includes(kind)) {
    throw new Error(`plot: kind must be one of ${CHART_KINDS.join(', ')}, not ${kind}.`);
  }
  const named = Object.entries(asSeries(ys ?? xs, options.label ?? ''));
  const longest = Math.max(0, ...named.map(([, values]) => values.length));
  const places = ys === undefined || ys === null ? range(longest) : asList(xs);
  const numeric = places.every((place) => Number.isFinite(numberOf(place)));
  const series = named.map(([name, values]) => {
    if (values.length !== places.length) {
      throw new Error(`plot: there are ${places.length} values of x and ${values.length} of y.`);
    }
    const points = values.map((value, index): [number, number] => [
      numeric ? numberOf(places[index]) : index,
      numberOf(value),
    ]);
    return { name, points: thinned(points.filter((point) => point.every(Number.isFinite))) };
  });
  if (!series.some(({ points }) => points.length > 0))
    throw new Error('plot: there are no numbers to draw.');
  return {
    kind,
    title: String(options.title ?? ''),
    xlabel: String(options.xlabel ?? ''),
    ylabel: String(options.ylabel ?? ''),
    categories: numeric ? null : places.slice(0, CHART_LIMIT_POINTS).map(String),
    series,
  };
}

function asSeries(ys: unknown, label: string): Record<string, unknown[]> {
  const isNamed = typeof ys === 'object' && ys !== null && !(Symbol.iterator in ys);
  if (!isNamed) return { [label]: asList(ys) };
  return Object.fromEntries(Object.entries(ys).map(([name, values]) => [name, asList(values)]));
}

function asList(values: unknown): unknown[] {
  if (typeof values === 'object' && values !== null && Symbol.iterator in values) {
    return [...(values as Iterable<unknown>)];
  }
  throw new Error('plot: it takes lists of numbers.');
}

function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? Number(value)
    : Number.NaN;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Every so many points, where there are more than can be told apart. */
function thinned<T>(points: T[]): T[] {
  const step = Math.ceil(points.length / CHART_LIMIT_POINTS);
  return step <= 1 ? points : points.filter((_, index) => index % step === 0);
}
