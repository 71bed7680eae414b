/** Where a program's output goes: out of the sandbox as it comes, until it is too much. */
import { createMeter } from '../run/meter';
import type { OutputItem, RunEvent } from '../run/protocol';

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

export function createSink(tell: (event: RunEvent) => void): Sink {
  const meter = createMeter();
  let ended = false;
  return {
    started: () => tell({ type: 'started' }),
    write(item) {
      if (ended) throw new Flooded('Too much output');
      if (!meter.take(item)) {
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
