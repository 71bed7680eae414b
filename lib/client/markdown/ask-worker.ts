/** Questions to a worker that starts with the first one, each answered once. */

type Numbered = { id: number };

/** @param start makes the worker: `new Worker(new URL(…))` must stand where a bundler can read it */
export function createAsker<Request extends Numbered, Answer extends Numbered>(
  start: () => Worker,
): (request: Omit<Request, 'id'>) => Promise<Answer> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let worker: Worker | undefined;
  let nextId = 0;
  return (request) => {
    if (!worker) {
      worker = start();
      worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
        waiting.get(data.id)?.(data);
        waiting.delete(data.id);
      });
    }
    const id = nextId++;
    worker.postMessage({ ...request, id });
    return new Promise((resolve) => waiting.set(id, resolve));
  };
}
