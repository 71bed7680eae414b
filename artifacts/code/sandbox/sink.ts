/** Where a program's output goes: out of the sandbox as it comes, until it is too much. */
import {
  OUTPUT_LIMIT_BYTES,
  OUTPUT_LIMIT_LINES,
  type OutputItem,
  type RunEvent,
} from '../run/protocol';

export type Sink = {
  started: () => void;
  write: (item: OutputItem) => void;
  /** Only the first end counts. */
  end: (outcome: 'done' | 'failed') => void;
};

/** Thrown into a program that writes too much, so that it does not go on for nothing. */
export class Flooded extends Error {
  override name = 'Flooded';
}

/** What each text costs beside its characters, however short it is. */
const ITEM_BYTES = 20;

export function createSink(tell: (event: RunEvent) => void): Sink {
  let lines = 0;
  let bytes = 0;
  let ended = false;
  return {
    started: () => tell({ type: 'started' }),
    write(item) {
      if (ended) throw new Flooded('Too much output');
      const size = sizeOf(item);
      lines += size.lines;
      bytes += size.bytes;
      if (lines > OUTPUT_LIMIT_LINES || bytes > OUTPUT_LIMIT_BYTES) {
        ended = true;
        tell({ type: 'end', outcome: 'flooded' });
        throw new Flooded('Too much output');
      }
      tell({ type: 'output', item });
    },
    end(outcome) {
      if (!ended) tell({ type: 'end', outcome });
      ended = true;
    },
  };
}

function sizeOf(item: OutputItem): { lines: number; bytes: number } {
  switch (item.type) {
    case 'image':
      return { lines: 1, bytes: item.source.length };
    case 'table':
      return { lines: item.rows.length + 1, bytes: JSON.stringify(item.rows).length };
    case 'chart':
      return { lines: 1, bytes: JSON.stringify(item.chart).length };
    default:
      return { lines: countLines(item.text), bytes: item.text.length + ITEM_BYTES };
  }
}

/** Lines that are ended: what is written without a line end is a part of one. */
function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
