/** The begin and the end of a run, the same for every engine. */
import type {
  ExecutionEvent,
  ExecutionRequest,
  OutputItem,
} from '@/artifacts/code/execution/protocol';
import { createOutputSink, OutputLimitError, type OutputSink } from './output-sink';

type ErrorItem = Extract<OutputItem, { type: 'error' }>;

/**
 * Waits for the one request that a worker gets, and runs it.
 * @param execute resolves when the program has ended
 * @param toErrorItem what an error says to the person
 */
export function serveExecution(
  execute: (
    request: ExecutionRequest,
    sink: OutputSink,
    fail: (error: unknown) => void,
  ) => Promise<void>,
  toErrorItem: (error: unknown) => ErrorItem,
): void {
  self.addEventListener(
    'message',
    async ({ data, ports }: MessageEvent<ExecutionRequest>) => {
      const port = ports[0] as MessagePort;
      // Bound before the program begins, which may change every prototype.
      const post = port.postMessage.bind(port) as (event: ExecutionEvent) => void;
      const sink = createOutputSink(post);
      const fail = (error: unknown) => {
        try {
          if (!(error instanceof OutputLimitError)) sink.write(toErrorItem(error));
        } catch {
          // Its output was too much already, and that has been told.
        }
        sink.end('failed');
      };
      try {
        await execute(data, sink, fail);
        sink.end('done');
      } catch (error) {
        fail(error);
      }
    },
    { once: true },
  );
}
