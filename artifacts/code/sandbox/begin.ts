/** The begin and the end of a run, the same for every engine. */
import type { OutputItem, RunEvent, RunRequest } from '../run/protocol';
import { createSink, Flooded, type Sink } from './sink';

type Failure = Extract<OutputItem, { type: 'error' }>;

/**
 * Waits for the one request that a worker gets, and runs it.
 * @param run resolves when the program has ended
 * @param explain what an error says to the person
 */
export function begin(
  run: (request: RunRequest, sink: Sink, fail: (error: unknown) => void) => Promise<void>,
  explain: (error: unknown) => Failure,
): void {
  self.addEventListener(
    'message',
    async ({ data, ports }: MessageEvent<RunRequest>) => {
      const port = ports[0] as MessagePort;
      // Bound before the program begins, which may change every prototype.
      const tell = port.postMessage.bind(port) as (event: RunEvent) => void;
      const sink = createSink(tell);
      const fail = (error: unknown) => {
        try {
          if (!(error instanceof Flooded)) sink.write(explain(error));
        } catch {
          // Its output was too much already, and that has been told.
        }
        sink.end('failed');
      };
      try {
        await run(data, sink, fail);
        sink.end('done');
      } catch (error) {
        fail(error);
      }
    },
    { once: true },
  );
}
