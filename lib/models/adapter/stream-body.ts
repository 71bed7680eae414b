/** A streamed answer: the endpoint's bytes in, the AI SDK's parts out. */
import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { LanguageModelV1StreamPart } from 'ai';
import { AppError } from '@/lib/errors';
import { createAnswer, type ThinkingHabit } from './answer';
import type { Deadlines } from './deadlines';
import { decodeBody } from './decode-body';
import { AttemptFailure, failureOfConnection } from './failure';
import type { HttpExchange } from './http';
import { currentWindowMs, enterLiveAnswer } from './load';
import { createPartQueue } from './part-queue';
import type { Redact } from './redact';

/** Parts the reader may be behind before the endpoint is made to wait. */
const MAX_QUEUED_PARTS = 256;
/** A piece of more bytes than this is followed by a rest; the tokens of a model never come near it. */
const REST_AFTER_BYTES = 16_384;
/**
 * So much of an answer is read as fast as it comes. Behind it rests are as long as the work: a request
 * of somebody else takes dozens of turns of the event loop, and each would wait for one more piece.
 */
const UNPACED_BYTES = 1_048_576;
/** How long usage or [DONE] may follow the model's finish reason before the answer counts as done. */
const TAIL_MS = 2_000;
/** How long a finished connection may take to end by itself, to be used again. */
const DRAIN_MS = 1_000;

export type StreamBodyOptions = {
  exchange: HttpExchange;
  response: IncomingMessage;
  deadlines: Deadlines;
  signal: AbortSignal | undefined;
  habit: ThinkingHabit;
  /** Removes secrets from the endpoint's own words. */
  redact: Redact;
  /** See `AnswerOptions`. */
  mayBeEmpty: boolean;
};

export type StreamBody = {
  parts: ReadableStream<LanguageModelV1StreamPart>;
  /** Settles with the first piece of the answer; rejects with an AttemptFailure if none came. */
  begun: Promise<void>;
  /**
   * Ends the answer with an error: by `begun` before the first piece, afterwards as an error part.
   * The stream is never broken for it: that would lose what is still in its queue.
   */
  fail(error: AppError): void;
  /** A time limit has passed: as `fail`, unless the model had given a reason for its end. */
  expire(error: AppError): void;
};

/**
 * Reads the answer as the endpoint sends it, as far as the reader's queue allows. An abort, or the
 * reader's leaving, closes the connection at once.
 */
export function readStreamBody(options: StreamBodyOptions): StreamBody {
  const { exchange, response, deadlines, signal, habit, redact, mayBeEmpty } = options;
  const body = decodeBody(response);
  const decoder = new StringDecoder('utf8');
  const leaveLoad = enterLiveAnswer();
  let controller!: ReadableStreamDefaultController<LanguageModelV1StreamPart>;
  let begin!: () => void;
  let neverBegan!: (failure: unknown) => void;
  let hasBegun = false;
  let ended = false;
  let tail: NodeJS.Timeout | undefined;
  let isResting = false;
  let bytesRead = 0;

  const begun = new Promise<void>((resolve, reject) => {
    begin = resolve;
    neverBegan = reject;
  });
  const parts = new ReadableStream<LanguageModelV1StreamPart>(
    {
      start(given) {
        controller = given;
      },
      pull: resumeBody,
      cancel: (reason) => quit(reason),
    },
    { highWaterMark: MAX_QUEUED_PARTS },
  );
  const queue = createPartQueue((part) => controller.enqueue(part));
  const answer = createAnswer({
    sink: {
      part(part) {
        queue.send(part);
        if (isTaken() || body.isPaused() || ended) return;
        body.pause();
        deadlines.pause();
        queue.whenEmpty(resumeBody);
      },
      progress() {
        if (hasBegun) return;
        hasBegun = true;
        begin();
        deadlines.begin();
      },
      done: succeed,
      fail,
    },
    habit,
    windowMs: currentWindowMs,
    redact,
    mayBeEmpty,
  });

  /** Whether the reader has room for more. */
  function isTaken(): boolean {
    return queue.isEmpty && (controller.desiredSize ?? 1) > 0;
  }

  function resumeBody(): void {
    if (ended || isResting || !isTaken() || !body.isPaused()) return;
    deadlines.resume();
    body.resume();
  }

  /** Lets everybody else have their turn. @param startedAt when the work began that is rested from */
  function rest(startedAt: number): void {
    isResting = true;
    body.pause();
    setImmediate(() => {
      if (bytesRead <= UNPACED_BYTES) endRest();
      else setTimeout(endRest, performance.now() - startedAt);
    });
  }

  function endRest(): void {
    isResting = false;
    if (!ended && !isTaken()) {
      deadlines.pause();
      queue.whenEmpty(resumeBody);
    }
    resumeBody();
  }

  function stopTail(): void {
    clearTimeout(tail);
    tail = undefined;
  }

  /** Everything stops here, once. @returns false if it had stopped already. */
  function end(): boolean {
    if (ended) return false;
    ended = true;
    stopTail();
    deadlines.stop();
    leaveLoad();
    queue.whenEmpty(() => signal?.removeEventListener('abort', abort));
    return true;
  }

  function succeed(): void {
    if (!end()) return;
    answer.close();
    begin();
    queue.whenEmpty(() => controller.close());
    if (response.complete) return;
    const drain = setTimeout(() => response.destroy(), DRAIN_MS);
    response.once('close', () => clearTimeout(drain));
    body.resume();
  }

  function fail(error: AppError): void {
    failWith(new AttemptFailure(error));
  }

  function failWith(failure: AttemptFailure): void {
    if (!end()) return;
    if (hasBegun) answer.close(failure.appError);
    else neverBegan(failure);
    queue.whenEmpty(() => controller.close());
    exchange.close(failure);
  }

  function quit(reason: unknown): void {
    // What has ended may still be on its way to a reader who leaves.
    queue.clear();
    if (!end()) return;
    answer.cancel();
    neverBegan(reason);
    exchange.close(new Error('The answer is not wanted any more.'));
  }

  function abort(): void {
    if (ended && queue.isEmpty) return;
    const reason = signal?.reason;
    quit(reason);
    controller.error(reason);
  }

  function connectionFailed(error: unknown): void {
    if (ended) return;
    if (answer.finished) answer.end();
    else if (hasBegun) fail(new AppError('endpoint_cut', { cause: error }));
    else failWith(failureOfConnection(exchange.closedFor ?? error));
  }

  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  body.on('data', (bytes: Buffer) => {
    if (ended) return;
    const startedAt = performance.now();
    bytesRead += bytes.length;
    deadlines.alive();
    try {
      answer.push(decoder.write(bytes));
    } catch (cause) {
      // Thrown here, it would end the process.
      fail(new AppError('endpoint_bad_answer', { cause }));
    }
    if (!ended && bytes.length > REST_AFTER_BYTES) rest(startedAt);
    if (answer.settled && !ended) tail ??= setTimeout(() => answer.end(), TAIL_MS);
    else stopTail();
  });
  body.once('end', () => {
    if (!ended) answer.end();
  });
  // Not `once`: closing the connection ourselves may report a second error, of no interest by then.
  body.on('error', connectionFailed);
  body.once('close', () => connectionFailed(new Error('The connection was closed.')));
  return {
    parts,
    begun,
    fail,
    expire(error) {
      if (answer.finished) answer.end();
      else fail(error);
    },
  };
}
