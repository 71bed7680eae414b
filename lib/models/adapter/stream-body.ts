/** The body of a streamed answer: the endpoint's bytes in, the provider's frames out. */
import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { AppError } from '@/lib/errors';
import { createAnswer } from './answer';
import type { Deadlines } from './deadlines';
import { AttemptFailure, failureOfConnection } from './failure';
import { encodeError } from './frames';
import type { HttpExchange } from './http';
import { currentWindowMs, enterLiveAnswer } from './load';

/** Bytes the reader may be behind before the endpoint is made to wait. */
const MAX_QUEUED_BYTES = 256 * 1024;
/** How long usage or [DONE] may follow the model's finish reason before the answer counts as done. */
const TAIL_MS = 2_000;
/** How long a finished connection may take to end by itself, to be used again. */
const DRAIN_MS = 1_000;

export type StreamBodyOptions = {
  exchange: HttpExchange;
  response: IncomingMessage;
  deadlines: Deadlines;
  signal: AbortSignal | undefined;
};

export type StreamBody = {
  stream: ReadableStream<Uint8Array>;
  /** Settles with the first piece of the answer; rejects with an AttemptFailure if none came. */
  begun: Promise<void>;
  /** Ends the answer with an error: by `begun` before the first piece, in the stream afterwards. */
  fail(error: AppError): void;
};

/**
 * Reads the answer as the endpoint sends it, as far as the reader's queue allows. An abort, or the
 * reader's leaving, closes the connection at once.
 */
export function readStreamBody(options: StreamBodyOptions): StreamBody {
  const { exchange, response, deadlines, signal } = options;
  const encoder = new TextEncoder();
  const decoder = new StringDecoder('utf8');
  const leaveLoad = enterLiveAnswer();
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let begin!: () => void;
  let neverBegan!: (failure: unknown) => void;
  let hasBegun = false;
  let ended = false;
  let frames = '';
  let gathering = false;
  let tail: NodeJS.Timeout | undefined;

  const begun = new Promise<void>((resolve, reject) => {
    begin = resolve;
    neverBegan = reject;
  });
  const answer = createAnswer(
    {
      frame(data) {
        frames += data;
        if (!gathering) sendFrames();
      },
      progress() {
        hasBegun = true;
        deadlines.progress();
      },
      done: succeed,
      fail,
    },
    currentWindowMs,
  );
  const stream = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
      },
      pull() {
        if (!response.isPaused()) return;
        deadlines.resume();
        response.resume();
      },
      cancel: (reason) => quit(reason),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_QUEUED_BYTES }),
  );

  function sendFrames(): void {
    if (frames === '' || ended) return;
    controller.enqueue(encoder.encode(frames));
    frames = '';
    if ((controller.desiredSize ?? 1) > 0 || response.isPaused()) return;
    response.pause();
    deadlines.pause();
  }

  /** Runs `step` and sends the frames it made in one piece. */
  function gather(step: () => void): void {
    gathering = true;
    step();
    gathering = false;
    sendFrames();
    if (hasBegun) begin();
    if (answer.finished && !ended) tail ??= setTimeout(succeed, TAIL_MS);
  }

  /** Everything stops here, once. @returns false if it had stopped already. */
  function end(): boolean {
    if (ended) return false;
    answer.close();
    gathering = false;
    sendFrames();
    ended = true;
    clearTimeout(tail);
    deadlines.stop();
    leaveLoad();
    signal?.removeEventListener('abort', abort);
    return true;
  }

  function succeed(): void {
    if (!end()) return;
    hasBegun = true;
    begin();
    controller.close();
    if (response.complete) return;
    const drain = setTimeout(() => response.destroy(), DRAIN_MS);
    response.once('close', () => clearTimeout(drain));
    response.resume();
  }

  function fail(error: AppError): void {
    failWith(new AttemptFailure(error));
  }

  function failWith(failure: AttemptFailure): void {
    if (ended) return;
    if (hasBegun) {
      answer.close();
      frames += encodeError(failure.appError);
    }
    if (!end()) return;
    if (hasBegun) begin();
    else neverBegan(failure);
    controller.close();
    exchange.close(failure);
  }

  function quit(reason: unknown): void {
    if (!end()) return;
    neverBegan(reason);
    exchange.close(new Error('The answer is not wanted any more.'));
  }

  function abort(): void {
    if (ended) return;
    const reason = signal?.reason;
    quit(reason);
    controller.error(reason);
  }

  function connectionFailed(error: unknown): void {
    if (answer.finished) succeed();
    else if (hasBegun) fail(new AppError('endpoint_cut', { cause: error }));
    else failWith(failureOfConnection(exchange.closedFor ?? error));
  }

  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  response.on('data', (bytes: Buffer) => {
    if (!ended) gather(() => answer.push(decoder.write(bytes)));
  });
  response.once('end', () => {
    if (!ended) gather(() => answer.end());
  });
  // Not `once`: closing the connection ourselves may report a second error, of no interest by then.
  response.on('error', connectionFailed);
  response.once('close', () => connectionFailed(new Error('The connection was closed.')));
  return { stream, begun, fail };
}
