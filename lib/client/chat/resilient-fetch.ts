/**
 * The fetch under useChat: one answer, however many connections it takes.
 *
 * useChat takes the end of a body for the end of the answer. Here the body ends only with the run's
 * `d:` line: where a connection breaks, falls silent or ends before, the answer is followed on a
 * new one from the line where it stopped. StreamCursor keeps the books; this is the I/O around it.
 */
import { delay, linked } from '@/lib/client/chat/connection';
import { StreamCursor } from '@/lib/client/chat/stream-cursor';
import { errorFromResponse, networkError, renewSession } from '@/lib/client/http';
import { MESSAGE_ID_HEADER, RUN_ID_HEADER } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';

export type Ending = {
  /** True where the run said how it ended; otherwise the page should ask what is stored. */
  told: boolean;
  /** The finished message, where what was shown could not grow into it. */
  replacement?: StoredMessage;
};

export type ResilientOptions = {
  chatId: string;
  /** The server has taken the request and answers, with a message of this id. */
  onAccepted?: (messageId: string | null) => void;
  /** True while the connection is away and a new one is being made. */
  onReconnecting?: (reconnecting: boolean) => void;
  /** The body has ended by itself: not by the caller's signal. */
  onEnd?: (ending: Ending) => void;
};

/** What tests replace: the way out, and the time things take (milliseconds). */
export type ResilientSeams = {
  fetch: typeof fetch;
  renewSession: () => Promise<unknown>;
  /** Silence after which a connection counts as broken; keep-alives come every 10 s. */
  stallMs: number;
  /** Lines that arrive within this time are handed on together. */
  paceMs: number;
  /** The first wait before a new connection; it doubles up to the last. */
  firstWaitMs: number;
  lastWaitMs: number;
};

const SEAMS: ResilientSeams = {
  fetch: (input, init) => fetch(input, init),
  renewSession,
  stallMs: 25_000,
  paceMs: 40,
  firstWaitMs: 300,
  lastWaitMs: 5_000,
};

/** A send whose answer never came may be repeated: its message id makes it idempotent. */
const SEND_ATTEMPTS = 3;

/**
 * A fetch for useChat's POST (send) and GET (resume) of one chat.
 * @throws RequestError (from the returned fetch) where the server refuses or cannot be reached.
 */
export function createResilientFetch(
  options: ResilientOptions,
  seams: Partial<ResilientSeams> = {},
): typeof fetch {
  const context = { ...SEAMS, ...seams, options };
  return async (input, init) => {
    const signal = init?.signal ?? new AbortController().signal;
    const connection = await connect(context, () => input, { ...init, signal });
    options.onAccepted?.(connection.response.headers.get(MESSAGE_ID_HEADER));
    const follower = new Follower(context, String(input), signal);
    return new Response(follower.body(connection), { headers: connection.response.headers });
  };
}

type Context = ResilientSeams & { options: ResilientOptions };
type Connection = { response: Response; close: () => void };

/** Opens a connection, with a new session where the old one is gone, and again where none came. */
async function connect(
  context: Context,
  url: () => RequestInfo | URL,
  init: RequestInit & { signal: AbortSignal },
  attempts = SEND_ATTEMPTS,
): Promise<Connection> {
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const { controller, unlink } = linked(init.signal);
    const close = () => {
      unlink();
      controller.abort();
    };
    let response: Response;
    try {
      response = await context.fetch(url(), { ...init, signal: controller.signal });
    } catch (error) {
      unlink();
      if (init.signal.aborted) throw error;
      if (attempt >= attempts) throw networkError(error);
      await delay(waitBefore(context, attempt), init.signal);
      continue;
    }
    if (response.ok && response.body) return { response, close };
    unlink();
    if (response.status !== 401 || renewed) throw await errorFromResponse(response);
    renewed = true;
    await context.renewSession();
  }
}

/** The wait before the nth new connection, with jitter so that many pages do not come at once. */
function waitBefore({ firstWaitMs, lastWaitMs }: ResilientSeams, attempt: number): number {
  const wait = Math.min(lastWaitMs, firstWaitMs * 2 ** (attempt - 1));
  return wait * (0.75 + Math.random() * 0.5);
}

/** Feeds one body from as many connections as it takes. */
class Follower {
  private readonly cursor = new StreamCursor();
  private readonly encoder = new TextEncoder();
  private readonly held: Uint8Array[] = [];
  private handedOnAt = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private runId: string | null = null;

  constructor(
    private readonly context: Context,
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  body(first: Connection): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => {
        // Not awaited: a body is given out before its answer is whole.
        this.follow(first, controller).then(
          () => controller.close(),
          (error) => {
            clearTimeout(this.timer);
            controller.error(error);
          },
        );
      },
    });
  }

  private async follow(
    first: Connection,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    const { options } = this.context;
    this.runId = first.response.headers.get(RUN_ID_HEADER);
    let connection: Connection | undefined = first;
    let failures = 0;
    while (connection) {
      const before: number = this.cursor.count;
      this.cursor.connect();
      const clean = await this.read(connection, controller);
      this.signal.throwIfAborted();
      const empty = this.cursor.count <= before;
      // Nothing at all, said cleanly, means that there is nothing to follow.
      if (this.cursor.done || (clean && empty)) break;
      failures = empty ? failures + 1 : 1;
      options.onReconnecting?.(true);
      connection = await this.reconnect(failures);
      options.onReconnecting?.(false);
    }
    options.onEnd?.({ told: this.cursor.ended, replacement: this.cursor.replacement });
  }

  /** Reads until the connection ends, breaks or falls silent. True where it ended cleanly. */
  private async read(
    { response, close }: Connection,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<boolean> {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let stall: ReturnType<typeof setTimeout> | undefined;
    try {
      for (;;) {
        stall = setTimeout(close, this.context.stallMs);
        const { done, value } = await reader.read();
        clearTimeout(stall);
        if (done) return true;
        this.hold(value, controller);
      }
    } catch {
      return false;
    } finally {
      clearTimeout(stall);
      this.handOn(controller);
      close();
    }
  }

  private hold(bytes: Uint8Array, controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.held.push(bytes);
    if (this.timer !== undefined) return;
    const wait = this.handedOnAt + this.context.paceMs - performance.now();
    if (wait <= 0) this.handOn(controller);
    else this.timer = setTimeout(() => this.handOn(controller), wait);
  }

  private handOn(controller: ReadableStreamDefaultController<Uint8Array>): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.held.length === 0 || this.signal.aborted) return;
    const lines = this.cursor.feed(concat(this.held));
    this.held.length = 0;
    this.handedOnAt = performance.now();
    if (lines) controller.enqueue(this.encoder.encode(lines));
  }

  /** A new connection from the line where the last one stopped; undefined where there is none. */
  private async reconnect(failures: number): Promise<Connection | undefined> {
    const { options } = this.context;
    for (let attempt = failures; ; attempt += 1) {
      await delay(waitBefore(this.context, attempt), this.signal);
      const url = `${this.url.split('?')[0]}?chatId=${options.chatId}&after=${this.cursor.count}`;
      const headers: HeadersInit = this.runId ? { [RUN_ID_HEADER]: this.runId } : {};
      try {
        const init = { method: 'GET', headers, signal: this.signal };
        const connection = await connect(this.context, () => url, init, 1);
        const runId = connection.response.headers.get(RUN_ID_HEADER);
        if (!runId || !this.runId || runId === this.runId) return connection;
        // Another answer is being made by now: this one is to be read from what is stored.
        connection.close();
        return undefined;
      } catch (error) {
        this.signal.throwIfAborted();
        const status = (error as { status?: number }).status ?? 0;
        if (status >= 400 && status < 500 && status !== 408 && status !== 429) return undefined;
      }
    }
  }
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
