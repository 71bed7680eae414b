/**
 * The iframe in which a program runs: its origin is opaque, and its policy blocks all requests. It
 * only starts the worker from the request and passes it the port to the app.
 */
import type { ExecutionRequest } from '@/artifacts/code/execution/protocol';

export type FrameRequest = { worker: string; request: ExecutionRequest };

/** Accepts only the first message of the app: other iframes may send messages, too. */
function receive({ data, ports, source }: MessageEvent<FrameRequest>): void {
  const [port] = ports;
  if (source !== parent || !port) return;
  removeEventListener('message', receive);
  const url = URL.createObjectURL(new Blob([data.worker], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage(data.request, [port, ...Object.values(data.request.files)]);
}

addEventListener('message', receive);
