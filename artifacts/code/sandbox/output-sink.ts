/** Where a program's output goes: out of the sandbox as it comes, until it is too much. */
import { createOutputMeter } from '@/artifacts/code/execution/output-meter';
import type { ExecutionEvent, OutputItem } from '@/artifacts/code/execution/protocol';

export type OutputSink = {
  started: () => void;
  write: (item: OutputItem) => void;
  /** Only the first end counts. */
  end: (outcome: 'done' | 'failed') => void;
};

/** Thrown into a program that writes too much, so that it does not go on for nothing. */
export class OutputLimitError extends Error {
  override name = 'Flooded';
}

export function createOutputSink(post: (event: ExecutionEvent) => void): OutputSink {
  const meter = createOutputMeter();
  let ended = false;
  return {
    started: () => post({ type: 'started' }),
    write(item) {
      if (ended) throw new OutputLimitError('Too much output');
      if (!meter.add(item)) {
        ended = true;
        post({ type: 'end', outcome: 'flooded' });
        throw new OutputLimitError('Too much output');
      }
      post({ type: 'output', item });
    },
    end(outcome) {
      if (!ended) post({ type: 'end', outcome });
      ended = true;
    },
  };
}
