/** One attempt to get an answer from an endpoint. */
import type { IncomingMessage } from 'node:http';
import type { LanguageModelV1StreamPart } from 'ai';
import type { ThinkingHabit } from './answer';
import { type Deadlines, startDeadlines } from './deadlines';
import { AttemptFailure, errorFromStatus, failureOfConnection } from './failure';
import { type HttpExchange, openExchange, readBody } from './http';
import { type Redact, redactorFor } from './redact';
import { retryAfterMs } from './retry';
import type { EndpointSettings } from './settings';
import { readStreamBody, type StreamBody } from './stream-body';
import { readWhole } from './whole-answer';

const MAX_WHOLE_BYTES = 16 * 1024 * 1024;
const MAX_ERROR_BYTES = 256 * 1024;

export type AttemptRequest = {
  url: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal | undefined;
};

type Parts = ReadableStream<LanguageModelV1StreamPart>;
type Exchange = { exchange: HttpExchange; response: IncomingMessage; deadlines: Deadlines };
/** From here on the body says when and how the exchange ends. */
type HandOver = (body: StreamBody) => void;

/**
 * Resolves with the first piece of a streamed answer.
 * @param mayBeEmpty see `AnswerOptions`
 * @throws AttemptFailure; the signal's reason where it was aborted.
 */
export function attemptStream(
  request: AttemptRequest,
  settings: EndpointSettings,
  habit: ThinkingHabit,
  mayBeEmpty: boolean,
): Promise<Parts> {
  return attempt(request, settings, false, async (opened, handOver) => {
    const redact = redactorFor(settings);
    const body = readStreamBody({
      ...opened,
      signal: request.signal,
      habit,
      redact,
      mayBeEmpty,
    });
    handOver(body);
    await body.begun;
    return body.parts;
  });
}

/**
 * Resolves with the JSON of a whole answer.
 * @throws as attemptStream
 */
export function attemptWhole(request: AttemptRequest, settings: EndpointSettings): Promise<string> {
  return attempt(request, settings, true, async ({ response }) => {
    return readWhole(await readBody(response, MAX_WHOLE_BYTES), redactorFor(settings));
  });
}

async function attempt<T>(
  request: AttemptRequest,
  settings: EndpointSettings,
  whole: boolean,
  read: (opened: Exchange, handOver: HandOver) => Promise<T>,
): Promise<T> {
  const { signal, url, headers, body } = request;
  signal?.throwIfAborted();
  const { verifyTls, publicOnly, limits } = settings;
  const { connectTimeoutMs } = limits;
  const exchange = openExchange({
    method: 'POST',
    url,
    headers,
    body,
    verifyTls,
    publicOnly,
    connectTimeoutMs,
  });
  let handedTo: StreamBody | undefined;
  const deadlines = startDeadlines({
    whole,
    limits,
    onExpired: (error) => (handedTo ? handedTo.expire(error) : exchange.close(error)),
  });
  const abort = () => exchange.close(new Error('Aborted'));
  signal?.addEventListener('abort', abort);
  try {
    const response = await exchange.response;
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      throw await failureOfResponse(response, status, redactorFor(settings));
    }
    return await read({ exchange, response, deadlines }, (streamBody) => {
      handedTo = streamBody;
    });
  } catch (error) {
    const failure = failureOfConnection(exchange.closedFor ?? error);
    exchange.close(failure);
    signal?.throwIfAborted();
    throw failure;
  } finally {
    signal?.removeEventListener('abort', abort);
    if (!handedTo) deadlines.stop();
  }
}

async function failureOfResponse(
  response: IncomingMessage,
  status: number,
  redact: Redact,
): Promise<AttemptFailure> {
  const body = await readBody(response, MAX_ERROR_BYTES).catch(() => '');
  const error = errorFromStatus(status, body, redact);
  const again = error.code === 'endpoint_rate_limited' || status === 503;
  const afterMs = retryAfterMs(response.headers['retry-after'], Date.now());
  return new AttemptFailure(error, again ? { afterMs } : null);
}
