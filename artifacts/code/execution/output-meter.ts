/**
 * Measures output. The sandbox counts to stop the program; the app counts again, where the program
 * cannot tamper with it.
 */
import { MAX_OUTPUT_BYTES, MAX_OUTPUT_LINES, type OutputItem } from './protocol';
import { countImageElements, MAX_RENDERED_ELEMENTS } from './svg-cost';

/** The cost of each text, cell and point on top of its characters: each becomes an element. */
const ELEMENT_BYTES = 20;
/** Elements of a chart's axes and labels. */
const CHART_ELEMENTS = 50;

type OutputSize = { lines: number; bytes: number };

/** Counts output items up to the limits of one execution. */
export function createOutputMeter() {
  let lines = 0;
  let bytes = 0;
  let previousItem: OutputItem | undefined;
  return {
    /** Returns false for the first item that exceeds a limit, and for all that follow. */
    add(item: OutputItem): boolean {
      const cost = outputSize(item, previousItem);
      previousItem = item;
      lines += cost.lines;
      bytes += cost.bytes;
      return lines <= MAX_OUTPUT_LINES && bytes <= MAX_OUTPUT_BYTES;
    },
  };
}

function outputSize(item: OutputItem, previousItem: OutputItem | undefined): OutputSize {
  switch (item.type) {
    case 'image': {
      const elements = countImageElements(item.source);
      // An image above the limit is not rendered.
      const rendered = elements > MAX_RENDERED_ELEMENTS ? 0 : elements;
      return { lines: 1, bytes: item.source.length + rendered * ELEMENT_BYTES };
    }
    case 'table': {
      const cells = item.columns.length * (item.rows.length + 1);
      const chars = JSON.stringify([item.columns, item.rows]).length;
      return { lines: item.rows.length + 1, bytes: chars + cells * ELEMENT_BYTES };
    }
    case 'chart': {
      const { series } = item.chart;
      const points = series.reduce((sum, { points }) => sum + points.length, series.length);
      const chars = JSON.stringify(item.chart).length;
      return { lines: 1, bytes: chars + (points + CHART_ELEMENTS) * ELEMENT_BYTES };
    }
    case 'text': {
      // Text that does not continue the previous text starts a new line and a new element.
      const startsNewLine =
        previousItem && !(previousItem.type === 'text' && previousItem.stream === item.stream);
      return { lines: countLines(item.text) + (startsNewLine ? 1 : 0), bytes: bytesOf(item.text) };
    }
    default:
      return { lines: 1 + countLines(item.text), bytes: bytesOf(item.text) };
  }
}

function bytesOf(text: string): number {
  return text.length + ELEMENT_BYTES;
}

/** Counts line ends: text without one is part of a line. */
function countLines(text: string): number {
  let lines = 0;
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) lines++;
  return lines;
}
