/** One attempt at a request to an endpoint. */
import type { IncomingMessage } from 'node:http';
import type { LanguageModelV1StreamPart } from 'ai';
import { parseBufferedResponse } from './buffered-response';
import type { ReasoningBehavior } from './completion-reader';
import { type Deadlines, startDeadlines } from './deadlines';
import type { EndpointSettings } from './endpoint-settings';
import { AttemptFailure, connectionFailure, errorFromStatus } from './failure';
import { type HttpExchange, openExchange, readBody } from './http';
import { type Redact, redactorForEndpoint } from './redact-keys';
import { retryAfterMs } from './retry';
import { readStreamBody, type StreamBody } from './stream-body';

const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
const MAX_ERROR_BYTES = 256 * 1024;

export type AttemptRequest = {
  url: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal | undefined;
};

type Parts = ReadableStream<LanguageModelV1StreamPart>;
type OpenedExchange = { exchange: HttpExchange; response: IncomingMessage; deadlines: Deadlines };
/** Registers the body, which from then on decides when and how the exchange ends. */
type HandOff = (body: StreamBody) => void;

/**
 * Resolves once the first part of a streamed answer has arrived.
 * @param allowEmpty see `CompletionReaderOptions`
 * @throws AttemptFailure; the signal's reason if it was aborted.
 */
export function attemptStream(
  request: AttemptRequest,
  settings: EndpointSettings,
  behavior: ReasoningBehavior,
  allowEmpty: boolean,
): Promise<Parts> {
  return attempt(request, settings, false, async (opened, handOff) => {
    const redact = redactorForEndpoint(settings);
    const body = readStreamBody({
      ...opened,
      signal: request.signal,
      behavior,
      redact,
      allowEmpty,
    });
    handOff(body);
    await body.firstPart;
    return body.parts;
  });
}

/**
 * Resolves with the JSON of an answer that is not streamed.
 * @throws as attemptStream
 */
export function attemptBuffered(
  request: AttemptRequest,
  settings: EndpointSettings,
): Promise<string> {
  return attempt(request, settings, true, async ({ response }) => {
    return parseBufferedResponse(
      await readBody(response, MAX_RESPONSE_BYTES),
      redactorForEndpoint(settings),
    );
  });
}

async function attempt<T>(
  request: AttemptRequest,
  settings: EndpointSettings,
  isBuffered: boolean,
  read: (opened: OpenedExchange, handOff: HandOff) => Promise<T>,
): Promise<T> {
  const { signal, url, headers, body } = request;
  signal?.throwIfAborted();
  const { verifyTls, publicOnly, timeouts } = settings;
  const { connectTimeoutMs } = timeouts;
  const exchange = openExchange({
    method: 'POST',
    url,
    headers,
    body,
    verifyTls,
    publicOnly,
    connectTimeoutMs,
  });
  let activeBody: StreamBody | undefined;
  const deadlines = startDeadlines({
    isBuffered,
    timeouts,
    onExpired: (error) => (activeBody ? activeBody.expire(error) : exchange.close(error)),
  });
  const abort = () => exchange.close(new Error('Aborted'));
  signal?.addEventListener('abort', abort);
  try {
    const response = await exchange.response;
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      throw await responseFailure(response, status, redactorForEndpoint(settings));
    }
    return await read({ exchange, response, deadlines }, (streamBody) => {
      activeBody = streamBody;
    });
  } catch (error) {
    const failure = connectionFailure(exchange.closeReason ?? error);
    exchange.close(failure);
    signal?.throwIfAborted();
    throw failure;
  } finally {
    signal?.removeEventListener('abort', abort);
    if (!activeBody) deadlines.stop();
  }
}

async function responseFailure(
  response: IncomingMessage,
  status: number,
  redact: Redact,
): Promise<AttemptFailure> {
  const body = await readBody(response, MAX_ERROR_BYTES).catch(() => '');
  const error = errorFromStatus(status, body, redact);
  const isRetryable = error.code === 'endpoint_rate_limited' || status === 503;
  const afterMs = retryAfterMs(response.headers['retry-after'], Date.now());
  return new AttemptFailure(error, isRetryable ? { afterMs } : null);
}
