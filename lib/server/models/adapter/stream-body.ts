/** Turns the response of a streamed answer into the AI SDK's stream parts. */
import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { LanguageModelV1StreamPart } from 'ai';
import { AppError } from '@/lib/protocol/errors';
import { FINISH_GRACE_MS, FULL_SPEED_BYTES, MAX_QUEUED_PARTS } from '@/lib/protocol/latency';
import { createCompletionReader, type ReasoningBehavior } from './completion-reader';
import type { Deadlines } from './deadlines';
import { decodeBody } from './decode-body';
import { AttemptFailure, connectionFailure } from './failure';
import type { HttpExchange } from './http';
import { createPartQueue } from './part-queue';
import type { Redact } from './redact-keys';
import { currentWindowMs, trackLiveStream } from './stream-load';

/** The event loop gets a turn after a chunk of more bytes; the tokens of a model stay far below. */
const YIELD_AFTER_BYTES = 16_384;
/** How long a finished connection may take to end by itself, so that it can be reused. */
const KEEP_ALIVE_DRAIN_MS = 1_000;

export type StreamBodyOptions = {
  exchange: HttpExchange;
  response: IncomingMessage;
  deadlines: Deadlines;
  signal: AbortSignal | undefined;
  behavior: ReasoningBehavior;
  /** Removes secrets from the endpoint's error messages. */
  redact: Redact;
  /** See `CompletionReaderOptions`. */
  allowEmpty: boolean;
};

export type StreamBody = {
  parts: ReadableStream<LanguageModelV1StreamPart>;
  /** Resolves with the first content of the answer; rejects with an AttemptFailure without any. */
  firstPart: Promise<void>;
  /**
   * Ends the answer with an error: rejects `firstPart` before the first content, and emits an error
   * part afterwards. The stream itself is never errored: that would drop its queue.
   */
  fail(error: AppError): void;
  /** Handles a timeout: like `fail`, unless the model had sent a finish reason. */
  expire(error: AppError): void;
};

/**
 * Reads the response as fast as the reader's queue allows. An abort, or a cancellation by the
 * reader, closes the connection immediately.
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
        if (readerHasCapacity() || body.isPaused() || hasEnded) return;
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

  /** Whether the reader's queue is below its limit. */
  function readerHasCapacity(): boolean {
    return queue.isEmpty && (controller.desiredSize ?? 1) > 0;
  }

  function resumeBody(): void {
    if (hasEnded || isYielding || !readerHasCapacity() || !body.isPaused()) return;
    deadlines.resume();
    body.resume();
  }

  /**
   * Yields to the event loop.
   * @param startedAt when the work before the pause started
   */
  function yieldToEventLoop(startedAt: number): void {
    isYielding = true;
    body.pause();
    setImmediate(() => {
      if (bytesRead <= FULL_SPEED_BYTES) resumeAfterYield();
      else setTimeout(resumeAfterYield, performance.now() - startedAt);
    });
  }

  function resumeAfterYield(): void {
    isYielding = false;
    if (!hasEnded && !readerHasCapacity()) {
      deadlines.pause();
      queue.onEmpty(resumeBody);
    }
    resumeBody();
  }

  function clearFinishTimer(): void {
    clearTimeout(finishTimer);
    finishTimer = undefined;
  }

  /** Stops everything, once. @returns false if it had already stopped. */
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
    // The parts of a finished answer may still be queued for a reader that cancels.
    queue.clear();
    if (!stop()) return;
    reader.cancel();
    rejectFirstPart(reason);
    exchange.close(new Error('The request was cancelled.'));
  }

  function abort(): void {
    if (hasEnded && queue.isEmpty) return;
    const reason = signal?.reason;
    abandon(reason);
    controller.error(reason);
  }

  /** Runs a step of the reader. An error thrown to the event loop would leave the answer open. */
  function guard(step: () => void): void {
    try {
      step();
    } catch (cause) {
      fail(new AppError('endpoint_invalid_response', { cause }));
    }
  }

  const endReader = () => guard(() => reader.end());

  function onConnectionError(error: unknown): void {
    if (hasEnded) return;
    if (reader.hasFinishReason) endReader();
    else if (hasFirstPart) fail(new AppError('endpoint_disconnected', { cause: error }));
    else failWith(connectionFailure(exchange.closeReason ?? error));
  }

  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  body.on('data', (bytes: Buffer) => {
    if (hasEnded) return;
    const startedAt = performance.now();
    bytesRead += bytes.length;
    deadlines.touch();
    guard(() => reader.push(decoder.write(bytes)));
    if (!hasEnded && bytes.length > YIELD_AFTER_BYTES) yieldToEventLoop(startedAt);
    if (reader.hasReliableFinishReason && !hasEnded)
      finishTimer ??= setTimeout(endReader, FINISH_GRACE_MS);
    else clearFinishTimer();
  });
  body.once('end', () => {
    if (!hasEnded) endReader();
  });
  // Not `once`: closing the connection may emit a second error, which is irrelevant by then.
  body.on('error', onConnectionError);
  const onClose = () => onConnectionError(new Error('The connection was closed.'));
  body.once('close', onClose);
  // It may have failed with its headers, before there were listeners.
  if (response.destroyed && !response.complete) onClose();
  return {
    parts,
    firstPart,
    fail,
    expire(error) {
      if (reader.hasFinishReason) endReader();
      else fail(error);
    },
  };
}
