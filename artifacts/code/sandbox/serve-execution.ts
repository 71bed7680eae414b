/** Start and end of an execution, shared by all engines. */
import type {
  ExecutionEvent,
  ExecutionRequest,
  OutputItem,
} from '@/artifacts/code/execution/protocol';
import { createOutputSink, OutputLimitError, type OutputSink } from './output-sink';

type ErrorItem = Extract<OutputItem, { type: 'error' }>;

/**
 * Waits for the worker's only request and executes it.
 * @param execute resolves when the program has ended. It may call `fail` before that, for an error
 *   outside its promise; only the first end is reported
 * @param toErrorItem converts an error into an item for the user
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
      // Bound before the program starts, since it may change every prototype.
      const post = port.postMessage.bind(port) as (event: ExecutionEvent) => void;
      const sink = createOutputSink(post);
      const fail = (error: unknown) => {
        try {
          if (!(error instanceof OutputLimitError)) sink.write(toErrorItem(error));
        } catch {
          // The output limit was reached, and that was reported already.
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
