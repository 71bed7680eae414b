import { MESSAGE_ID_HEADER, RUN_ID_HEADER } from '@/lib/protocol/api';
import type { RunStream } from '@/lib/server/chat/open-run-stream';

/**
 * Returns a run's data stream as a response; for null an empty one, since useChat treats a 204 as
 * an error.
 */
export function streamResponse(run: RunStream | null): Response {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-vercel-ai-data-stream': 'v1',
    // Proxies must not cache, transform or buffer the stream.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  };
  if (!run) return new Response('', { headers });
  return new Response(run.stream, {
    headers: { ...headers, [RUN_ID_HEADER]: run.runId, [MESSAGE_ID_HEADER]: run.messageId },
  });
}
