/** Questions to a worker that starts with the first one, each answered once. */

type RequestWithId = { id: number };

/**
 * A worker that has not answered by then is at work on something that would never end, or on a slow
 * device and has just begun: a grammar alone can take seconds to compile. So each request is asked
 * once more, with the longer time, behind all others.
 */
const TIMEOUTS_MS = [20_000, 90_000] as const;

/**
 * The worker answers in turn. One that takes too long for a request is ended, and those behind it are
 * asked of a new worker. The request rejects when its last time-out has passed.
 * @param createWorker makes the worker: `new Worker(new URL(…))` must stand where a bundler can read it
 */
export function createWorkerClient<
  Request extends RequestWithId,
  WorkerResponse extends RequestWithId,
>(createWorker: () => Worker): (request: Omit<Request, 'id'>) => Promise<WorkerResponse> {
  type PendingRequest = {
    request: Omit<Request, 'id'>;
    /** How often its worker was ended. */
    attempts: number;
    resolve: (response: WorkerResponse) => void;
    reject: (error: Error) => void;
  };
  /** In the order in which the worker answers. */
  const pendingRequests = new Map<number, PendingRequest>();
  let worker: Worker | undefined;
  let nextId = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function restartTimeout(): void {
    clearTimeout(timer);
    const [oldest] = pendingRequests.values();
    timer = oldest && setTimeout(onTimeout, TIMEOUTS_MS[oldest.attempts]);
  }

  function onTimeout(): void {
    worker?.terminate();
    worker = undefined;
    const [timedOutEntry] = pendingRequests;
    if (!timedOutEntry) return;
    const [id, timedOut] = timedOutEntry;
    pendingRequests.delete(id);
    timedOut.attempts += 1;
    if (timedOut.attempts < TIMEOUTS_MS.length) pendingRequests.set(id, timedOut);
    else timedOut.reject(new Error('The worker took too long.'));
    for (const [id, { request }] of pendingRequests) getWorker().postMessage({ ...request, id });
    restartTimeout();
  }

  function getWorker(): Worker {
    if (worker) return worker;
    worker = createWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerResponse>) => {
      pendingRequests.get(data.id)?.resolve(data);
      pendingRequests.delete(data.id);
      restartTimeout();
    });
    return worker;
  }

  return (request) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      pendingRequests.set(id, { request, attempts: 0, resolve, reject });
      if (pendingRequests.size === 1) restartTimeout();
      getWorker().postMessage({ ...request, id });
    });
}
