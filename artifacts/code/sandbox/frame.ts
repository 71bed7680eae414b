/**
 * The frame that a program runs in: its origin is nobody's, and its policy lets nothing in or out.
 * All that it does is to start the worker that it is given, and to hand it the port to the page.
 */
import type { RunRequest } from '../run/protocol';

export type FrameRequest = { worker: string; request: RunRequest };

addEventListener(
  'message',
  ({ data, ports, source }: MessageEvent<FrameRequest>) => {
    const [port] = ports;
    if (source !== parent || !port) return;
    const url = URL.createObjectURL(new Blob([data.worker], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.postMessage(data.request, [port, ...Object.values(data.request.files)]);
  },
  { once: true },
);
