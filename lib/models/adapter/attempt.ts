/** One attempt to get an answer from an endpoint. */
import type { IncomingMessage } from 'node:http';
import type { LanguageModelV1StreamPart } from 'ai';
import { AppError } from '@/lib/errors';
import { createAnswer, type ThinkingHabit } from './answer';
import { type Deadlines, startDeadlines } from './deadlines';
import { AttemptFailure, errorFromStatus, failureOfConnection, readErrorBody } from './failure';
import { type HttpExchange, openExchange, readBody } from './http';
import { retryAfterMs } from './retry';
import type { EndpointSettings } from './settings';
import { readStreamBody, type StreamBody } from './stream-body';

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
 * @throws AttemptFailure; the signal's reason where it was aborted.
 */
export function attemptStream(
  request: AttemptRequest,
  settings: EndpointSettings,
  habit: ThinkingHabit,
): Promise<Parts> {
  return attempt(request, settings, false, async (opened, handOver) => {
    if (isJson(opened.response)) {
      return partsOfWhole(await readBody(opened.response, MAX_WHOLE_BYTES), habit);
    }
    const body = readStreamBody({ ...opened, signal: request.signal, habit });
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
    const text = await readBody(response, MAX_WHOLE_BYTES);
    readWhole(text, { beginsInside: false });
    return text;
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
  const { verifyTls, limits } = settings;
  const { connectTimeoutMs } = limits;
  const exchange = openExchange({
    method: 'POST',
    url,
    headers,
    body,
    verifyTls,
    connectTimeoutMs,
  });
  let handedTo: StreamBody | undefined;
  const deadlines = startDeadlines({
    whole,
    limits,
    onExpired: (error) => (handedTo ? handedTo.fail(error) : exchange.close(error)),
  });
  const abort = () => exchange.close(new Error('Aborted'));
  signal?.addEventListener('abort', abort);
  try {
    const response = await exchange.response;
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw await failureOfResponse(response, status);
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

function partsOfWhole(text: string, habit: ThinkingHabit): Parts {
  const parts = readWhole(text, habit);
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

/**
 * A whole answer as the parts of a stream.
 * @throws AppError where it is an error, or none that can be read.
 */
function readWhole(text: string, habit: ThinkingHabit): LanguageModelV1StreamPart[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('endpoint_bad_answer', { cause });
  }
  const parts: LanguageModelV1StreamPart[] = [];
  const answer = createAnswer({
    sink: {
      part: (part) => void parts.push(part),
      progress: () => undefined,
      done: () => undefined,
      fail(error) {
        throw error;
      },
    },
    habit,
    windowMs: () => 0,
  });
  answer.pushWhole(value);
  return parts;
}
