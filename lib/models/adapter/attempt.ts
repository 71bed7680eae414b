/** One attempt to get an answer from an endpoint. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '@/lib/errors';
import { createAnswer } from './answer';
import { startDeadlines } from './deadlines';
import { AttemptFailure, errorFromStatus, failureOfConnection, readErrorBody } from './failure';
import { openExchange, readBody } from './http';
import { retryAfterMs } from './retry';
import type { EndpointSettings } from './settings';
import { readStreamBody, type StreamBody } from './stream-body';

const MAX_WHOLE_BYTES = 16 * 1024 * 1024;
const MAX_ERROR_BYTES = 256 * 1024;

export type AttemptRequest = {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Whether the request asks for a stream. */
  streams: boolean;
  signal: AbortSignal | undefined;
};

/**
 * Resolves with the first piece of a streamed answer, or with a whole one.
 * @throws AttemptFailure; the signal's reason where it was aborted.
 */
export async function attempt(
  request: AttemptRequest,
  settings: EndpointSettings,
): Promise<Response> {
  const { signal } = request;
  signal?.throwIfAborted();
  const exchange = openExchange({
    method: 'POST',
    url: request.url,
    headers: request.headers,
    body: request.body,
    verifyTls: settings.verifyTls,
    connectTimeoutMs: settings.limits.connectTimeoutMs,
  });
  let body: StreamBody | undefined;
  const deadlines = startDeadlines({
    whole: !request.streams,
    limits: settings.limits,
    onExpired: (error) => (body ? body.fail(error) : exchange.close(error)),
  });
  const abort = () => exchange.close(abortError(signal));
  signal?.addEventListener('abort', abort);
  try {
    const response = await exchange.response;
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw await failureOfResponse(response, status);
    if (!request.streams || isJson(response)) {
      return wholeAnswer(await readBody(response, MAX_WHOLE_BYTES), request.streams);
    }
    body = readStreamBody({ exchange, response, deadlines, signal });
    await body.begun;
    return new Response(body.stream, { headers: { 'content-type': 'text/event-stream' } });
  } catch (error) {
    const failure = failureOfConnection(exchange.closedFor ?? error);
    exchange.close(failure);
    signal?.throwIfAborted();
    throw failure;
  } finally {
    signal?.removeEventListener('abort', abort);
    if (!body) deadlines.stop();
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('Aborted');
}

function isJson(response: IncomingMessage): boolean {
  return /^application\/(\w+\+)?json/i.test(response.headers['content-type'] ?? '');
}

async function failureOfResponse(
  response: IncomingMessage,
  status: number,
): Promise<AttemptFailure> {
  const body = await readBody(response, MAX_ERROR_BYTES).catch(() => '');
  const error = errorFromStatus(status, readErrorBody(body));
  const again = status === 429 || status === 503;
  const afterMs = retryAfterMs(response.headers['retry-after'], Date.now());
  return new AttemptFailure(error, again ? { afterMs } : null);
}

/** A whole answer as the provider expects it: JSON, or a stream where a stream was asked for. */
function wholeAnswer(text: string, streams: boolean): Response {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('endpoint_bad_answer', { cause });
  }
  let frames = '';
  let failed: AppError | undefined;
  const answer = createAnswer(
    {
      frame(data) {
        frames += data;
      },
      progress: () => undefined,
      done: () => undefined,
      fail(error) {
        failed = error;
      },
    },
    () => 0,
  );
  answer.pushWhole(value);
  if (failed) throw failed;
  return streams
    ? new Response(frames, { headers: { 'content-type': 'text/event-stream' } })
    : new Response(text, { headers: { 'content-type': 'application/json' } });
}
