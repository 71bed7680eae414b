/**
 * One body for useChat, from as many connections as it takes, in an even flow. StreamCursor and
 * Pacer keep the books; this is the I/O around them.
 */

import { waitForRetry } from '@/lib/client/browser/wait';
import {
  backoffMs,
  type Connection,
  type ConnectionContext,
  connect,
} from '@/lib/client/chat/stream/connect';
import type { ParsedLine } from '@/lib/client/chat/stream/delivered-state';
import { formatMergedLines } from '@/lib/client/chat/stream/merge-lines';
import { Pacer } from '@/lib/client/chat/stream/pacer';
import { StreamCursor } from '@/lib/client/chat/stream/stream-cursor';
import { RUN_ID_HEADER } from '@/lib/protocol/api';

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** What comes so soon after a connection is made was said before it. */
const CATCH_UP_WINDOW_MS = 150;

/** Feeds one body from as many connections as it takes. */
export class RunFollower {
  private readonly cursor = new StreamCursor();
  private readonly encoder = new TextEncoder();
  private readonly pacer = new Pacer();
  private connectedAt = 0;
  private lastEmittedAt = Number.NEGATIVE_INFINITY;
  private emitTimer: ReturnType<typeof setTimeout> | undefined;
  private runId: string | null = null;

  constructor(
    private readonly context: ConnectionContext,
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  toStream(first: Connection): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => {
        // Not awaited: a body is given out before its answer is whole.
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
    let connection: Connection | undefined = first;
    let failures = 0;
    while (connection) {
      const countBefore: number = this.cursor.count;
      this.cursor.connect();
      const endedCleanly = await this.read(connection, controller);
      this.signal.throwIfAborted();
      const receivedNothing = this.cursor.count <= countBefore;
      // Nothing at all, said cleanly, means that there is nothing to follow.
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

  /** Reads until the connection ends, breaks or falls silent. True where it ended cleanly. */
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

  /** Hands on what is due, now or with the next tick. */
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

  /** Whether somebody watches the text arrive. What was missed meanwhile is there at once. */
  private shouldPace(): boolean {
    return (
      performance.now() - this.connectedAt > CATCH_UP_WINDOW_MS && this.context.isTextVisible()
    );
  }

  private emit(lines: ParsedLine[], controller: Controller): void {
    if (lines.length === 0 || this.signal.aborted) return;
    this.lastEmittedAt = performance.now();
    controller.enqueue(this.encoder.encode(formatMergedLines(lines)));
  }

  /** A new connection from the line where the last one stopped; undefined where there is none. */
  private async reconnect(previousFailures: number): Promise<Connection | undefined> {
    const { options } = this.context;
    for (let attempt = previousFailures; ; attempt += 1) {
      await waitForRetry(backoffMs(this.context, attempt), this.signal);
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
