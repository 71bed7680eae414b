/**
 * The frame that a program runs in: its origin is nobody's, and its policy lets nothing in or out.
 * All that it does is to start the worker that it is given, and to hand it the port to the page.
 */
import type { ExecutionRequest } from '@/artifacts/code/execution/protocol';

export type FrameRequest = { worker: string; request: ExecutionRequest };

/** Other frames of the app may send messages, too: the first one from the app itself counts. */
function receive({ data, ports, source }: MessageEvent<FrameRequest>): void {
  const [port] = ports;
  if (source !== parent || !port) return;
  removeEventListener('message', receive);
  const url = URL.createObjectURL(new Blob([data.worker], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage(data.request, [port, ...Object.values(data.request.files)]);
}

addEventListener('message', receive);
