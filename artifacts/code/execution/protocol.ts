/** What the page and the sandbox of a program say to one another. Pure: both ends import it. */

/** A program may run so long. The time that Python takes to load does not count. */
export const EXECUTION_TIMEOUT_MS = 30_000;
/** A program may write so much, pictures and tables included. */
export const MAX_OUTPUT_LINES = 5_000;
export const MAX_OUTPUT_BYTES = 1_000_000;
/** Rows of a table, and points of a chart, that are shown. */
export const MAX_TABLE_ROWS = 500;
export const MAX_CHART_POINTS = 5_000;

/** The programs that can be run: what runs them. */
export type Engine = 'javascript' | 'python';

/** What the sandbox is told, once, with the port that it answers on. */
export type ExecutionRequest = {
  code: string;
  /** The program's language: 'typescript' is run as JavaScript. */
  language: string;
  /** The files of the engine, by name. */
  files: Record<string, ArrayBuffer>;
};

export const CHART_KINDS = ['line', 'bar', 'scatter'] as const;

export type Chart = {
  kind: (typeof CHART_KINDS)[number];
  title: string;
  xlabel: string;
  ylabel: string;
  /** Names of the places on the x axis, where they are no numbers; x is then their index. */
  categories: string[] | null;
  series: Array<{ name: string; points: Array<[x: number, y: number]> }>;
};

export type OutputItem =
  | { type: 'text'; stream: 'out' | 'error'; text: string }
  /** What the program's last expression came to. */
  | { type: 'value'; text: string }
  /** What ended the program; the line is counted from 1. */
  | { type: 'error'; text: string; line: number | null }
  /** `more`: so many rows are left out. */
  | { type: 'table'; columns: string[]; rows: string[][]; more: number }
  /** A picture as a `data:` URL of an image. */
  | { type: 'image'; source: string }
  | { type: 'chart'; chart: Chart };

export type ExecutionEvent =
  /** The engine is there, and the program begins. */
  | { type: 'started' }
  | { type: 'output'; item: OutputItem }
  | { type: 'end'; outcome: 'done' | 'failed' | 'flooded' };

const END_OUTCOMES = new Set(['done', 'failed', 'flooded']);
const IMAGE_DATA_URL = /^data:image\/(?:svg\+xml|png|jpeg|gif|webp)[;,]/;

/**
 * The value as a RunEvent, or undefined. A program cannot reach the port that its output comes
 * through; what comes is looked at all the same before it is drawn.
 */
export function parseExecutionEvent(value: unknown): ExecutionEvent | undefined {
  const event = asRecord(value);
  if (event.type === 'started') return { type: 'started' };
  if (event.type === 'end')
    return END_OUTCOMES.has(event.outcome as string) ? (value as ExecutionEvent) : undefined;
  if (event.type !== 'output') return undefined;
  return isOutputItem(asRecord(event.item)) ? (value as ExecutionEvent) : undefined;
}

function isOutputItem(item: Record<string, unknown>): boolean {
  switch (item.type) {
    case 'text':
      return typeof item.text === 'string' && (item.stream === 'out' || item.stream === 'error');
    case 'value':
      return typeof item.text === 'string';
    case 'error':
      return typeof item.text === 'string' && (item.line === null || isLine(item.line));
    case 'table':
      return (
        isStrings(item.columns) &&
        Array.isArray(item.rows) &&
        item.rows.every(isStrings) &&
        typeof item.more === 'number'
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
    chart.series.every((one) => {
      const { name, points } = asRecord(one);
      return typeof name === 'string' && Array.isArray(points) && points.every(isPoint);
    })
  );
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

function isLine(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
