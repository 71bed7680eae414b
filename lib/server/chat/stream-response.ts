import { MESSAGE_ID_HEADER, RUN_ID_HEADER } from '@/lib/protocol/api';
import type { RunStream } from '@/lib/server/chat/open-run-stream';

/** A data stream as a response; for null an empty one, since useChat takes a 204 for an error. */
export function streamResponse(run: RunStream | null): Response {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-vercel-ai-data-stream': 'v1',
    // Nothing between us and the reader may keep, change or hold back what is written.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  };
  if (!run) return new Response('', { headers });
  return new Response(run.stream, {
    headers: { ...headers, [RUN_ID_HEADER]: run.runId, [MESSAGE_ID_HEADER]: run.messageId },
  });
}
