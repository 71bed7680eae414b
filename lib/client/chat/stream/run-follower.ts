/**
 * The I/O around StreamCursor (position in the run's log) and Pacer (smooth delivery), which hold
 * the state.
 */

import { waitForRetry } from '@/lib/client/browser/wait';
import { type Connection, type ConnectionContext, connect } from '@/lib/client/chat/stream/connect';
import { formatMergedLines } from '@/lib/client/chat/stream/merge-lines';
import { Pacer } from '@/lib/client/chat/stream/pacer';
import { StreamCursor } from '@/lib/client/chat/stream/stream-cursor';
import { MESSAGE_ID_HEADER, RUN_ID_HEADER } from '@/lib/protocol/api';
import { CATCH_UP_WINDOW_MS } from '@/lib/protocol/latency';
import type { Line } from '@/lib/protocol/lines';
import { backoffMs } from '@/lib/shared/backoff';

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Produces one response body for useChat from as many connections as needed. */
export class RunFollower {
  private readonly cursor = new StreamCursor();
  private readonly encoder = new TextEncoder();
  private readonly pacer = new Pacer();
  private connectedAt = 0;
  private lastEmittedAt = Number.NEGATIVE_INFINITY;
  private emitTimer: ReturnType<typeof setTimeout> | undefined;
  private runId: string | null = null;
  private messageId: string | null = null;

  constructor(
    private readonly context: ConnectionContext,
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  toStream(first: Connection): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => {
        // Not awaited: the body is returned while the answer is still streaming.
        this.follow(first, controller).then(
          () => {
            clearTimeout(this.emitTimer);
            this.emit(this.pacer.drain(), controller);
            controller.close();
          },
          (error) => {
            clearTimeout(this.emitTimer);
            controller.error(error);
          },
        );
      },
    });
  }

  private async follow(first: Connection, controller: Controller): Promise<void> {
    const { options } = this.context;
    this.runId = first.response.headers.get(RUN_ID_HEADER);
    this.messageId = first.response.headers.get(MESSAGE_ID_HEADER);
    let connection: Connection | undefined = first;
    let failures = 0;
    while (connection) {
      const countBefore: number = this.cursor.count;
      this.cursor.connect();
      const endedCleanly = await this.read(connection, controller);
      this.signal.throwIfAborted();
      const receivedNothing = this.cursor.count <= countBefore;
      // A clean end without any line means that there is no run to follow.
      if (this.cursor.done || (endedCleanly && receivedNothing)) break;
      failures = receivedNothing ? failures + 1 : 1;
      options.onReconnecting?.(true);
      connection = await this.reconnect(failures);
      options.onReconnecting?.(false);
    }
    options.onStreamEnd?.({
      hasRunEnded: this.cursor.hasRunEnded,
      replacement: this.cursor.replacement,
    });
  }

  /** Reads until the connection ends, breaks or stalls. Returns true if it ended cleanly. */
  private async read({ response, close }: Connection, controller: Controller): Promise<boolean> {
    this.connectedAt = performance.now();
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let stallTimer: ReturnType<typeof setTimeout> | undefined;
    try {
      for (;;) {
        stallTimer = setTimeout(close, this.context.stallTimeoutMs);
        const { done, value } = await reader.read();
        clearTimeout(stallTimer);
        if (done) return true;
        this.pacer.add(this.cursor.feed(value), performance.now());
        this.context.options.onUnsaved?.(this.cursor.unsaved);
        this.emitDue(controller);
      }
    } catch {
      return false;
    } finally {
      clearTimeout(stallTimer);
      this.emit(this.pacer.takeAll(), controller);
      close();
    }
  }

  /** Delivers the lines that are due, now or at the next tick. */
  private emitDue(controller: Controller): void {
    if (this.emitTimer !== undefined) return;
    const { paceIntervalMs } = this.context;
    const now = performance.now();
    const waitMs = this.lastEmittedAt + paceIntervalMs - now;
    if (waitMs <= 0)
      this.emit(this.shouldPace() ? this.pacer.takeDue(now) : this.pacer.takeAll(), controller);
    if (!this.pacer.hasPending) return;
    this.emitTimer = setTimeout(
      () => {
        this.emitTimer = undefined;
        this.emitDue(controller);
      },
      waitMs > 0 ? waitMs : paceIntervalMs,
    );
  }

  /** Whether to smooth the text. Catch-up after connecting is not smoothed. */
  private shouldPace(): boolean {
    return (
      performance.now() - this.connectedAt > CATCH_UP_WINDOW_MS && this.context.isTextVisible()
    );
  }

  private emit(lines: Line[], controller: Controller): void {
    if (lines.length === 0 || this.signal.aborted) return;
    this.lastEmittedAt = performance.now();
    controller.enqueue(this.encoder.encode(formatMergedLines(lines)));
  }

  /**
   * Opens a new connection after the last received line. Returns undefined if the run can no
   * longer be followed: a 4xx other than 408 and 429, or the chat has another run.
   */
  private async reconnect(previousFailures: number): Promise<Connection | undefined> {
    const { options } = this.context;
    for (let attempt = previousFailures; ; attempt += 1) {
      await waitForRetry(backoffMs(attempt - 1, this.context.backoff), this.signal);
      const answer = this.messageId ? `&messageId=${this.messageId}` : '';
      const url = `${this.url.split('?')[0]}?chatId=${options.chatId}${answer}&after=${this.cursor.count}`;
      const headers: HeadersInit = this.runId ? { [RUN_ID_HEADER]: this.runId } : {};
      try {
        const init = { method: 'GET', headers, signal: this.signal };
        const connection = await connect(this.context, () => url, init, 1);
        const runId = connection.response.headers.get(RUN_ID_HEADER);
        if (!runId || !this.runId || runId === this.runId) return connection;
        // Another answer is running: this one has ended and is read from the stored messages.
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
