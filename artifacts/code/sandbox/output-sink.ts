/** Sends the output of a program to the app until it exceeds a limit. */
import { createOutputMeter } from '@/artifacts/code/execution/output-meter';
import type { ExecutionEvent, OutputItem } from '@/artifacts/code/execution/protocol';

export type OutputSink = {
  started: () => void;
  write: (item: OutputItem) => void;
  /** Only the first call has an effect. */
  end: (outcome: 'done' | 'failed') => void;
};

/** Thrown into a program that exceeds the output limit, so that it does not keep running. */
export class OutputLimitError extends Error {
  override name = 'OutputLimitError';
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
        post({ type: 'end', outcome: 'output-limit' });
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
