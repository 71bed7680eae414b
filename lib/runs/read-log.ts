/** A reader of a log in memory, as a web stream. */
import { NOT_SAVED_LINE } from '@/lib/protocol/lines';
import type { RunLog, Until } from '@/lib/runs/log';

/** Proxies close a connection that is silent for long; a blank line keeps it open. */
const KEEP_ALIVE_MS = 10_000;
const BLANK_LINE = new Uint8Array([10]);
const NOT_SAVED = new TextEncoder().encode(NOT_SAVED_LINE);

/**
 * The log's lines after the first `after`, live until its end. Pull-based: a reader that does not
 * read holds a cursor and nothing else, and slows nobody. What it has missed comes in one piece.
 * @param until may end it before the run has ended
 * @param linesOnly true for a copy of the log: without what is told beside it
 */
export function readLog(
  log: RunLog,
  after: number,
  { until, linesOnly = false }: { until?: Until | undefined; linesOnly?: boolean } = {},
): ReadableStream<Uint8Array> {
  const cursor = log.cursorAfter(after);
  let forget: () => void = () => {};
  let unregister: (() => void) | undefined;
  let keepAlive: NodeJS.Timeout | undefined;
  let toldUnsaved = linesOnly;

  const release = () => {
    forget();
    unregister?.();
    clearInterval(keepAlive);
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        keepAlive = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(BLANK_LINE);
        }, KEEP_ALIVE_MS);
        keepAlive.unref();
        unregister = until?.(() => {
          release();
          controller.close();
        });
      },
      pull(controller) {
        return new Promise<void>((resolve) => {
          const serve = () => {
            const bytes = log.read(cursor);
            if (bytes && bytes.length > 0) {
              controller.enqueue(bytes);
              keepAlive?.refresh();
              resolve();
            } else if (log.ended) {
              release();
              controller.close();
              resolve();
            } else if (log.unsaved && !toldUnsaved) {
              toldUnsaved = true;
              controller.enqueue(NOT_SAVED);
              resolve();
            } else {
              forget = log.onceChanged(serve);
            }
          };
          serve();
        });
      },
      cancel: release,
    },
    { highWaterMark: 1 },
  );
}
