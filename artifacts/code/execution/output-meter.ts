/** How much a program has written: counted in the sandbox to stop it, and in the page, which it cannot change. */
import { MAX_OUTPUT_BYTES, MAX_OUTPUT_LINES, type OutputItem } from './protocol';
import { drawnElementsOf, MAX_RENDERED_ELEMENTS } from './svg-cost';

/** What each text, cell and point costs beside its characters: the page makes an element of it. */
const ELEMENT_BYTES = 20;
/** The axes and the names of a chart, in elements. */
const CHART_ELEMENTS = 50;

type OutputSize = { lines: number; bytes: number };

/** Counts items up to the limits of a run. */
export function createOutputMeter() {
  let lines = 0;
  let bytes = 0;
  let previousItem: OutputItem | undefined;
  return {
    /** Returns false for the first item that there is no room for, and for all that follow. */
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
      const elements = drawnElementsOf(item.source);
      // One with more of them is not drawn at all.
      const drawn = elements > MAX_RENDERED_ELEMENTS ? 0 : elements;
      return { lines: 1, bytes: item.source.length + drawn * ELEMENT_BYTES };
    }
    case 'table': {
      const cells = item.columns.length * (item.rows.length + 1);
      const chars = JSON.stringify([item.columns, item.rows]).length;
      return { lines: item.rows.length + 1, bytes: chars + cells * ELEMENT_BYTES };
    }
    case 'chart': {
      const { series } = item.chart;
      const points = series.reduce((sum, one) => sum + one.points.length, series.length);
      const chars = JSON.stringify(item.chart).length;
      return { lines: 1, bytes: chars + (points + CHART_ELEMENTS) * ELEMENT_BYTES };
    }
    case 'text': {
      // What does not continue the text before it begins a line, and an element, of its own.
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

/** Lines that are ended: what is written without a line end is a part of one. */
function countLines(text: string): number {
  let lines = 0;
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) lines++;
  return lines;
}
