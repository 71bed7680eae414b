/** Questions to a worker that starts with the first one, each answered once. */

type Numbered = { id: number };

/** A worker that has not answered by then is at work on something that would never end. */
const TIMEOUT_MS = 20_000;

/**
 * The worker answers in turn. One that takes longer than TIMEOUT_MS for a request is ended and the
 * request rejects; those behind it are asked of a new worker.
 * @param start makes the worker: `new Worker(new URL(…))` must stand where a bundler can read it
 */
export function createAsker<Request extends Numbered, Answer extends Numbered>(
  start: () => Worker,
): (request: Omit<Request, 'id'>) => Promise<Answer> {
  type Waiting = {
    request: Omit<Request, 'id'>;
    resolve: (answer: Answer) => void;
    reject: (error: Error) => void;
  };
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let nextId = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function watch(): void {
    clearTimeout(timer);
    timer = waiting.size > 0 ? setTimeout(giveUp, TIMEOUT_MS) : undefined;
  }

  function giveUp(): void {
    worker?.terminate();
    worker = undefined;
    const [culprit, ...others] = waiting;
    if (!culprit) return;
    waiting.delete(culprit[0]);
    culprit[1].reject(new Error('The worker took too long.'));
    for (const [id, { request }] of others) running().postMessage({ ...request, id });
    watch();
  }

  function running(): Worker {
    if (worker) return worker;
    worker = start();
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      waiting.get(data.id)?.resolve(data);
      waiting.delete(data.id);
      watch();
    });
    return worker;
  }

  return (request) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { request, resolve, reject });
      if (waiting.size === 1) watch();
      running().postMessage({ ...request, id });
    });
}
