/** Messages between the app and the sandbox of a program. Pure: both ends import it. */

/** Time limit of a program, excluding the engine's load time. */
export const EXECUTION_TIMEOUT_MS = 30_000;
/** Output limits of a program, images and tables included. */
export const MAX_OUTPUT_LINES = 5_000;
export const MAX_OUTPUT_BYTES = 1_000_000;
/** Rows of a table and points of a chart beyond these are omitted. */
export const MAX_TABLE_ROWS = 500;
export const MAX_CHART_POINTS = 5_000;

export type Engine = 'javascript' | 'python';

/** Sent to the sandbox once, with the port for its events. */
export type ExecutionRequest = {
  code: string;
  /** The language of the program; 'typescript' runs as JavaScript. */
  language: string;
  /** The files of the engine by name. */
  files: Record<string, ArrayBuffer>;
};

export const CHART_KINDS = ['line', 'bar', 'scatter'] as const;

export type Chart = {
  kind: (typeof CHART_KINDS)[number];
  title: string;
  xlabel: string;
  ylabel: string;
  /** Labels on the x axis if its values are not numbers; x is then an index into them. */
  categories: string[] | null;
  series: Array<{ name: string; points: Array<[x: number, y: number]> }>;
};

export type OutputItem =
  | { type: 'text'; stream: 'stdout' | 'stderr'; text: string }
  /** The value of the program's last expression. */
  | { type: 'value'; text: string }
  /** The error that ended the program; the line is counted from 1. */
  | { type: 'error'; text: string; line: number | null }
  | { type: 'table'; columns: string[]; rows: string[][]; omittedRowCount: number }
  /** An image as a `data:` URL. */
  | { type: 'image'; source: string }
  | { type: 'chart'; chart: Chart };

const END_OUTCOMES = ['done', 'failed', 'output-limit'] as const;
type EndOutcome = (typeof END_OUTCOMES)[number];

export type ExecutionEvent =
  /** The engine has loaded and the program starts. */
  | { type: 'started' }
  | { type: 'output'; item: OutputItem }
  /** The program has ended. */
  | { type: 'end'; outcome: EndOutcome };

export const IMAGE_DATA_URL = /^data:image\/(?:svg\+xml|png|jpeg|gif|webp)[;,]/;

/**
 * Returns the value if it is a valid `ExecutionEvent`, else undefined. A program cannot reach the
 * port of its output, but its events are validated anyway before they are rendered.
 */
export function parseExecutionEvent(value: unknown): ExecutionEvent | undefined {
  const event = asRecord(value);
  if (event.type === 'started') return { type: 'started' };
  if (event.type === 'end')
    return END_OUTCOMES.includes(event.outcome as EndOutcome)
      ? (value as ExecutionEvent)
      : undefined;
  if (event.type !== 'output') return undefined;
  return isOutputItem(asRecord(event.item)) ? (value as ExecutionEvent) : undefined;
}

function isOutputItem(item: Record<string, unknown>): boolean {
  switch (item.type) {
    case 'text':
      return (
        typeof item.text === 'string' && (item.stream === 'stdout' || item.stream === 'stderr')
      );
    case 'value':
      return typeof item.text === 'string';
    case 'error':
      return (
        typeof item.text === 'string' &&
        (item.line === null || (isCount(item.line) && item.line > 0))
      );
    case 'table':
      return (
        isStrings(item.columns) &&
        Array.isArray(item.rows) &&
        item.rows.every(isStrings) &&
        isCount(item.omittedRowCount)
      );
    case 'image':
      return typeof item.source === 'string' && IMAGE_DATA_URL.test(item.source);
    case 'chart':
      return isChart(asRecord(item.chart));
    default:
      return false;
  }
}

function isChart(chart: Record<string, unknown>): boolean {
  return (
    CHART_KINDS.includes(chart.kind as Chart['kind']) &&
    [chart.title, chart.xlabel, chart.ylabel].every((text) => typeof text === 'string') &&
    (chart.categories === null || isStrings(chart.categories)) &&
    Array.isArray(chart.series) &&
    chart.series.every((entry) => {
      const { name, points } = asRecord(entry);
      return typeof name === 'string' && Array.isArray(points) && points.every(isPoint);
    })
  );
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
