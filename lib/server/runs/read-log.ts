/** Reads a log in memory as a web stream. */
import { UNSAVED_LINE } from '@/lib/protocol/lines';
import type { EndTrigger, RunLog } from '@/lib/server/runs/run-log';

/** Blank lines keep the connection open: proxies close idle ones. */
const KEEP_ALIVE_INTERVAL_MS = 10_000;
const BLANK_LINE = new Uint8Array([10]);
const UNSAVED_BYTES = new TextEncoder().encode(UNSAVED_LINE);

/**
 * Streams the log's lines after the first `after`, live until its end. Pull-based: a slow reader
 * holds only a cursor, does not slow down others, and catches up in large chunks.
 * @param endOn may end the stream before the run ends
 * @param linesOnly true for an exact copy of the log, without UNSAVED_LINE
 */
export function readLog(
  log: RunLog,
  after: number,
  { endOn, linesOnly = false }: { endOn?: EndTrigger | undefined; linesOnly?: boolean } = {},
): ReadableStream<Uint8Array> {
  const cursor = log.cursorAfter(after);
  let unsubscribe: () => void = () => {};
  let unregister: (() => void) | undefined;
  let keepAlive: NodeJS.Timeout | undefined;
  let hasSentUnsaved = linesOnly;

  const release = () => {
    unsubscribe();
    unregister?.();
    clearInterval(keepAlive);
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        keepAlive = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(BLANK_LINE);
        }, KEEP_ALIVE_INTERVAL_MS);
        keepAlive.unref();
        unregister = endOn?.(() => {
          release();
          controller.close();
        });
      },
      pull(controller) {
        return new Promise<void>((resolve) => {
          const deliver = () => {
            const bytes = log.read(cursor);
            if (bytes && bytes.length > 0) {
              controller.enqueue(bytes);
              keepAlive?.refresh();
              resolve();
            } else if (log.ended) {
              release();
              controller.close();
              resolve();
            } else if (log.unsaved && !hasSentUnsaved) {
              hasSentUnsaved = true;
              controller.enqueue(UNSAVED_BYTES);
              resolve();
            } else {
              unsubscribe = log.onceChanged(deliver);
            }
          };
          deliver();
        });
      },
      cancel: release,
    },
    { highWaterMark: 1 },
  );
}
