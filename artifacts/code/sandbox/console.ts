/** `console`, `display` and `plot` of a program. */
import { IMAGE_DATA_URL } from '@/artifacts/code/execution/protocol';
import { isSvg } from '@/artifacts/code/is-svg';
import { buildChart, type PlotOptions } from './chart';
import { format, inspect } from './inspect';
import type { OutputSink } from './output-sink';
import { buildTable } from './table';

/** Returns a console that writes to the sink. Methods without a visible effect do nothing. */
export function createConsole(sink: OutputSink): Record<string, (...values: unknown[]) => void> {
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  let indent = '';
  function write(stream: 'stdout' | 'stderr', values: unknown[]): void {
    const text = format(values);
    sink.write({
      type: 'text',
      stream,
      text: `${indent}${text.replaceAll('\n', `\n${indent}`)}\n`,
    });
  }
  const out = (...values: unknown[]) => write('stdout', values);
  const error = (...values: unknown[]) => write('stderr', values);
  const time = (label: unknown = 'default') =>
    `${label}: ${(performance.now() - (timers.get(String(label)) ?? performance.now())).toFixed(2)} ms`;
  const group = (...values: unknown[]) => {
    if (values.length > 0) out(...values);
    indent += '  ';
  };
  const noop = () => {};
  return {
    log: out,
    info: out,
    debug: out,
    trace: out,
    dir: (value) => out(inspect(value)),
    error,
    warn: error,
    assert(condition, ...values) {
      if (!condition) error('Assertion failed', ...values);
    },
    table(data, columns) {
      const table = buildTable(
        data,
        inspect,
        Array.isArray(columns) ? columns.map(String) : undefined,
      );
      if (table) sink.write(table);
      else out(data);
    },
    count(label = 'default') {
      const count = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), count);
      out(`${label}: ${count}`);
    },
    countReset: (label = 'default') => counts.delete(String(label)),
    time: (label = 'default') => timers.set(String(label), performance.now()),
    timeLog: (label, ...values) => out(time(label), ...values),
    timeEnd(label = 'default') {
      out(time(label));
      timers.delete(String(label));
    },
    group,
    groupCollapsed: group,
    groupEnd() {
      indent = indent.slice(2);
    },
    clear: noop,
    dirxml: out,
    timeStamp: noop,
  };
}

/** Outputs an image (SVG text or an image as a `data:` URL), a table of rows, or a value. */
export function display(sink: OutputSink, value: unknown): void {
  if (typeof value === 'string' && isSvg(value)) {
    sink.write({ type: 'image', source: `data:image/svg+xml,${encodeURIComponent(value)}` });
  } else if (typeof value === 'string' && IMAGE_DATA_URL.test(value)) {
    sink.write({ type: 'image', source: value });
  } else {
    const table = Array.isArray(value) && value.length > 0 ? buildTable(value, inspect) : null;
    sink.write(table ?? { type: 'text', stream: 'stdout', text: `${format([value])}\n` });
  }
}

/** Outputs a chart, see `buildChart`. `plot(ys, options)` is allowed as well. */
export function plot(sink: OutputSink, xs: unknown, ys?: unknown, options?: PlotOptions): void {
  const isOptions =
    options === undefined &&
    typeof ys === 'object' &&
    ys !== null &&
    !(Symbol.iterator in ys) &&
    Object.values(ys).every((value) => typeof value === 'string');
  const chart = isOptions
    ? buildChart(xs, undefined, ys as PlotOptions)
    : buildChart(xs, ys, options ?? {});
  sink.write({ type: 'chart', chart });
}
