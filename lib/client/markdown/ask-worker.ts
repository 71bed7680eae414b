/** Questions to a worker that starts with the first one, each answered once. */

type Numbered = { id: number };

/**
 * A worker that has not answered by then is at work on something that would never end, or on a slow
 * device and has just begun: a grammar alone can take seconds to compile. So each request is asked
 * once more, with the longer time, behind all others.
 */
const TIMEOUTS_MS = [20_000, 90_000] as const;

/**
 * The worker answers in turn. One that takes too long for a request is ended, and those behind it are
 * asked of a new worker. The request rejects when its last time-out has passed.
 * @param start makes the worker: `new Worker(new URL(…))` must stand where a bundler can read it
 */
export function createAsker<Request extends Numbered, Answer extends Numbered>(
  start: () => Worker,
): (request: Omit<Request, 'id'>) => Promise<Answer> {
  type Waiting = {
    request: Omit<Request, 'id'>;
    /** How often its worker was ended. */
    attempts: number;
    resolve: (answer: Answer) => void;
    reject: (error: Error) => void;
  };
  /** In the order in which the worker answers. */
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let nextId = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function watch(): void {
    clearTimeout(timer);
    const [next] = waiting.values();
    timer = next && setTimeout(giveUp, TIMEOUTS_MS[next.attempts]);
  }

  function giveUp(): void {
    worker?.terminate();
    worker = undefined;
    const [culprit] = waiting;
    if (!culprit) return;
    const [id, late] = culprit;
    waiting.delete(id);
    late.attempts += 1;
    if (late.attempts < TIMEOUTS_MS.length) waiting.set(id, late);
    else late.reject(new Error('The worker took too long.'));
    for (const [id, { request }] of waiting) running().postMessage({ ...request, id });
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
      waiting.set(id, { request, attempts: 0, resolve, reject });
      if (waiting.size === 1) watch();
      running().postMessage({ ...request, id });
    });
}
