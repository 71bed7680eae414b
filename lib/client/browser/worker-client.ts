/** Request/response client for a web worker that starts with the first request. */

type RequestWithId = { id: number };

/**
 * A worker that has not responded in time is stuck, or runs on a slow device and has just started:
 * a grammar alone can take seconds to compile. So each request is retried once, after all others
 * and with the longer timeout.
 */
const TIMEOUTS_MS = [20_000, 90_000] as const;

/**
 * The worker handles requests in order. On a timeout it is terminated, and the other pending
 * requests go to a new worker. A request rejects after its last timeout, or if the worker cannot be
 * loaded.
 * @param createWorker contains `new Worker(new URL(…))`, where the bundler can find it
 * @param timeoutsMs timeout of each attempt
 */
export function createWorkerClient<
  Request extends RequestWithId,
  WorkerResponse extends RequestWithId,
>(
  createWorker: () => Worker,
  timeoutsMs: readonly number[] = TIMEOUTS_MS,
): (request: Omit<Request, 'id'>) => Promise<WorkerResponse> {
  type PendingRequest = {
    request: Omit<Request, 'id'>;
    /** Number of timeouts so far. */
    attempts: number;
    resolve: (response: WorkerResponse) => void;
    reject: (error: Error) => void;
  };
  /** In the order in which the worker responds. */
  const pendingRequests = new Map<number, PendingRequest>();
  let worker: Worker | undefined;
  let nextId = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function restartTimeout(): void {
    clearTimeout(timer);
    const [oldest] = pendingRequests.values();
    timer = oldest && setTimeout(onTimeout, timeoutsMs[oldest.attempts]);
  }

  function onTimeout(): void {
    worker?.terminate();
    worker = undefined;
    const [timedOutEntry] = pendingRequests;
    if (!timedOutEntry) return;
    const [id, timedOut] = timedOutEntry;
    pendingRequests.delete(id);
    timedOut.attempts += 1;
    if (timedOut.attempts < timeoutsMs.length) pendingRequests.set(id, timedOut);
    else timedOut.reject(new Error('The worker took too long.'));
    for (const [id, { request }] of pendingRequests) getWorker().postMessage({ ...request, id });
    restartTimeout();
  }

  /** The script of the worker could not be loaded; workers report their own errors in responses. */
  function onError(failedWorker: Worker): void {
    if (worker !== failedWorker) return;
    worker.terminate();
    worker = undefined;
    for (const { reject } of pendingRequests.values()) {
      reject(new Error('The worker could not be loaded.'));
    }
    pendingRequests.clear();
    restartTimeout();
  }

  function getWorker(): Worker {
    if (worker) return worker;
    const newWorker = createWorker();
    worker = newWorker;
    worker.addEventListener('error', () => onError(newWorker));
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
