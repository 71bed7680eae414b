/** A streamed answer: the endpoint's bytes in, the AI SDK's parts out. */
import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { LanguageModelV1StreamPart } from 'ai';
import { AppError } from '@/lib/protocol/errors';
import { createCompletionReader, type ReasoningBehavior } from './completion-reader';
import type { Deadlines } from './deadlines';
import { decodeBody } from './decode-body';
import { AttemptFailure, connectionFailure } from './failure';
import type { HttpExchange } from './http';
import { createPartQueue } from './part-queue';
import type { Redact } from './redact-keys';
import { currentWindowMs, trackLiveStream } from './stream-load';

/** Parts the reader may be behind before the endpoint is made to wait. */
const MAX_QUEUED_PARTS = 256;
/** A piece of more bytes than this is followed by a rest; the tokens of a model never come near it. */
const YIELD_AFTER_BYTES = 16_384;
/**
 * So much of an answer is read as fast as it comes. Behind it rests are as long as the work: a request
 * of somebody else takes dozens of turns of the event loop, and each would wait for one more piece.
 */
const UNPACED_BYTES = 1_048_576;
/** How long usage or [DONE] may follow the model's finish reason before the answer counts as done. */
const FINISH_GRACE_MS = 2_000;
/** How long a finished connection may take to end by itself, to be used again. */
const KEEP_ALIVE_DRAIN_MS = 1_000;

export type StreamBodyOptions = {
  exchange: HttpExchange;
  response: IncomingMessage;
  deadlines: Deadlines;
  signal: AbortSignal | undefined;
  behavior: ReasoningBehavior;
  /** Removes secrets from the endpoint's own words. */
  redact: Redact;
  /** See `AnswerOptions`. */
  allowEmpty: boolean;
};

export type StreamBody = {
  parts: ReadableStream<LanguageModelV1StreamPart>;
  /** Settles with the first piece of the answer; rejects with an AttemptFailure if none came. */
  firstPart: Promise<void>;
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
  const { exchange, response, deadlines, signal, behavior, redact, allowEmpty } = options;
  const body = decodeBody(response);
  const decoder = new StringDecoder('utf8');
  const untrackStream = trackLiveStream();
  let controller!: ReadableStreamDefaultController<LanguageModelV1StreamPart>;
  let resolveFirstPart!: () => void;
  let rejectFirstPart!: (failure: unknown) => void;
  let hasFirstPart = false;
  let hasEnded = false;
  let finishTimer: NodeJS.Timeout | undefined;
  let isYielding = false;
  let bytesRead = 0;

  const firstPart = new Promise<void>((resolve, reject) => {
    resolveFirstPart = resolve;
    rejectFirstPart = reject;
  });
  const parts = new ReadableStream<LanguageModelV1StreamPart>(
    {
      start(streamController) {
        controller = streamController;
      },
      pull: resumeBody,
      cancel: (reason) => abandon(reason),
    },
    { highWaterMark: MAX_QUEUED_PARTS },
  );
  const queue = createPartQueue((part) => controller.enqueue(part));
  const reader = createCompletionReader({
    sink: {
      part(part) {
        queue.send(part);
        if (readerHasRoom() || body.isPaused() || hasEnded) return;
        body.pause();
        deadlines.pause();
        queue.onEmpty(resumeBody);
      },
      progress() {
        if (hasFirstPart) return;
        hasFirstPart = true;
        resolveFirstPart();
        deadlines.markFirstToken();
      },
      done: succeed,
      fail,
    },
    behavior,
    windowMs: currentWindowMs,
    redact,
    allowEmpty,
  });

  /** Whether the reader has room for more. */
  function readerHasRoom(): boolean {
    return queue.isEmpty && (controller.desiredSize ?? 1) > 0;
  }

  function resumeBody(): void {
    if (hasEnded || isYielding || !readerHasRoom() || !body.isPaused()) return;
    deadlines.resume();
    body.resume();
  }

  /** Lets everybody else have their turn. @param startedAt when the work began that is rested from */
  function yieldToEventLoop(startedAt: number): void {
    isYielding = true;
    body.pause();
    setImmediate(() => {
      if (bytesRead <= UNPACED_BYTES) resumeAfterYield();
      else setTimeout(resumeAfterYield, performance.now() - startedAt);
    });
  }

  function resumeAfterYield(): void {
    isYielding = false;
    if (!hasEnded && !readerHasRoom()) {
      deadlines.pause();
      queue.onEmpty(resumeBody);
    }
    resumeBody();
  }

  function clearFinishTimer(): void {
    clearTimeout(finishTimer);
    finishTimer = undefined;
  }

  /** Everything stops here, once. @returns false if it had stopped already. */
  function stop(): boolean {
    if (hasEnded) return false;
    hasEnded = true;
    clearFinishTimer();
    deadlines.stop();
    untrackStream();
    queue.onEmpty(() => signal?.removeEventListener('abort', abort));
    return true;
  }

  function succeed(): void {
    if (!stop()) return;
    reader.close();
    resolveFirstPart();
    queue.onEmpty(() => controller.close());
    if (response.complete) return;
    const drain = setTimeout(() => response.destroy(), KEEP_ALIVE_DRAIN_MS);
    response.once('close', () => clearTimeout(drain));
    body.resume();
  }

  function fail(error: AppError): void {
    failWith(new AttemptFailure(error));
  }

  function failWith(failure: AttemptFailure): void {
    if (!stop()) return;
    if (hasFirstPart) reader.close(failure.appError);
    else rejectFirstPart(failure);
    queue.onEmpty(() => controller.close());
    exchange.close(failure);
  }

  function abandon(reason: unknown): void {
    // What has ended may still be on its way to a reader who leaves.
    queue.clear();
    if (!stop()) return;
    reader.cancel();
    rejectFirstPart(reason);
    exchange.close(new Error('The answer is not wanted any more.'));
  }

  function abort(): void {
    if (hasEnded && queue.isEmpty) return;
    const reason = signal?.reason;
    abandon(reason);
    controller.error(reason);
  }

  function onConnectionError(error: unknown): void {
    if (hasEnded) return;
    if (reader.hasFinishReason) reader.end();
    else if (hasFirstPart) fail(new AppError('endpoint_cut', { cause: error }));
    else failWith(connectionFailure(exchange.closeReason ?? error));
  }

  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  body.on('data', (bytes: Buffer) => {
    if (hasEnded) return;
    const startedAt = performance.now();
    bytesRead += bytes.length;
    deadlines.touch();
    try {
      reader.push(decoder.write(bytes));
    } catch (cause) {
      // Thrown here, it would end the process.
      fail(new AppError('endpoint_bad_answer', { cause }));
    }
    if (!hasEnded && bytes.length > YIELD_AFTER_BYTES) yieldToEventLoop(startedAt);
    if (reader.isSettled && !hasEnded)
      finishTimer ??= setTimeout(() => reader.end(), FINISH_GRACE_MS);
    else clearFinishTimer();
  });
  body.once('end', () => {
    if (!hasEnded) reader.end();
  });
  // Not `once`: closing the connection ourselves may report a second error, of no interest by then.
  body.on('error', onConnectionError);
  body.once('close', () => onConnectionError(new Error('The connection was closed.')));
  return {
    parts,
    firstPart,
    fail,
    expire(error) {
      if (reader.hasFinishReason) reader.end();
      else fail(error);
    },
  };
}
