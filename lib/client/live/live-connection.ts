/**
 * One connection to the event stream of the user's chats, open while the page is visible. A browser
 * allows six connections per host: a hidden page closes its connection.
 */

import { ensureSession, fetchAsPageUser, renewSession } from '@/lib/client/account/session';
import { type PageVisibility, pageVisibility } from '@/lib/client/browser/page-visibility';
import { linkedAbortController, waitForRetry } from '@/lib/client/browser/wait';
import { type LiveEvent, parseLiveEvent } from '@/lib/protocol/live-events';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';

export type LiveListener = (event: LiveEvent) => void;

/** Injected requests, session, page visibility and durations in ms. Tests replace them. */
export type LiveConnectionDependencies = {
  fetch: typeof fetch;
  ensureSession: () => Promise<unknown>;
  renewSession: () => Promise<unknown>;
  pageVisibility: PageVisibility;
  /** Delays before reconnections. */
  backoff: Backoff;
  /** Stall timeout of a connection; the server sends a keep-alive every 15 s. */
  stallTimeoutMs: number;
  /** A page that is hidden for a shorter time keeps its connection. */
  hiddenGraceMs: number;
};

const DEFAULT_DEPENDENCIES: LiveConnectionDependencies = {
  fetch: fetchAsPageUser,
  ensureSession,
  renewSession,
  pageVisibility,
  backoff: { initialMs: 500, maxMs: 30_000, jitter: 0.5 },
  stallTimeoutMs: 40_000,
  hiddenGraceMs: 3_000,
};

const READY_EVENT: LiveEvent = { type: 'ready' };

export class LiveConnection {
  /** Whether the connection is open and delivers all events. */
  isReady = false;
  private readonly dependencies: LiveConnectionDependencies;
  private readonly listeners = new Set<LiveListener>();
  private activeController: AbortController | null = null;
  private closeTimer: ReturnType<typeof setTimeout> | undefined;
  private stopWatchingVisibility: (() => void) | null = null;

  constructor(dependencies: Partial<LiveConnectionDependencies> = {}) {
    this.dependencies = { ...DEFAULT_DEPENDENCIES, ...dependencies };
  }

  /**
   * Calls the listener with all events from now on, first with `ready` once the connection is open.
   * @returns an unsubscribe function
   */
  subscribe(listener: LiveListener): () => void {
    this.listeners.add(listener);
    // A listener that is added later has missed events as well: `ready` makes it catch up.
    if (this.isReady) queueMicrotask(() => this.listeners.has(listener) && listener(READY_EVENT));
    this.stopWatchingVisibility ??= this.dependencies.pageVisibility.subscribe(() =>
      this.openOrClose(),
    );
    this.openOrClose();
    return () => {
      this.listeners.delete(listener);
      // Deferred: a listener that is replaced by another one does not close the connection.
      setTimeout(() => this.openOrClose());
    };
  }

  /** Opens or closes the connection, depending on visibility and listeners. */
  private openOrClose(): void {
    clearTimeout(this.closeTimer);
    const { pageVisibility, hiddenGraceMs } = this.dependencies;
    const state = pageVisibility.state();
    if (this.listeners.size === 0 || state === 'frozen') {
      this.close();
      if (this.listeners.size === 0) {
        this.stopWatchingVisibility?.();
        this.stopWatchingVisibility = null;
      }
    } else if (state === 'hidden') {
      this.closeTimer = setTimeout(() => this.close(), hiddenGraceMs);
    } else if (!this.activeController) {
      const controller = new AbortController();
      this.activeController = controller;
      this.connectForever(controller.signal).catch(() => {
        // Aborted because the page was hidden or frozen, or has no listeners.
        if (this.activeController === controller) this.activeController = null;
      });
    }
  }

  private close(): void {
    this.isReady = false;
    this.activeController?.abort();
    this.activeController = null;
  }

  /** Reconnects until it is aborted. */
  private async connectForever(signal: AbortSignal): Promise<never> {
    for (let failures = 0; ; failures += 1) {
      if (await this.readConnection(signal)) failures = 0;
      signal.throwIfAborted();
      await waitForRetry(backoffMs(failures, this.dependencies.backoff), signal);
    }
  }

  /** Reads one connection until it ends. Returns whether it delivered an event. */
  private async readConnection(signal: AbortSignal): Promise<boolean> {
    const { controller, dispose } = linkedAbortController(signal);
    let receivedEvent = false;
    let stallTimer: ReturnType<typeof setTimeout> | undefined;
    const resetStallTimer = () => {
      clearTimeout(stallTimer);
      stallTimer = setTimeout(() => controller.abort(), this.dependencies.stallTimeoutMs);
    };
    try {
      resetStallTimer();
      const response = await this.fetchEvents(controller.signal);
      if (!response.ok || !response.body) return false;
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let partialLine = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return receivedEvent;
        resetStallTimer();
        const lines = decoder.decode(value, { stream: true }).split('\n');
        // Only the new text is split: time is linear in the length of a line.
        lines[0] = partialLine + lines[0];
        partialLine = lines.pop() as string;
        for (const line of lines) {
          const event = parseEventLine(line);
          if (!event) continue;
          receivedEvent = true;
          this.isReady ||= event.type === 'ready';
          for (const listener of [...this.listeners]) listener(event);
        }
      }
    } catch {
      return receivedEvent;
    } finally {
      this.isReady = false;
      clearTimeout(stallTimer);
      dispose();
      controller.abort();
    }
  }

  private async fetchEvents(signal: AbortSignal): Promise<Response> {
    const { fetch, ensureSession, renewSession } = this.dependencies;
    await ensureSession();
    const response = await fetch('/api/events', { signal });
    if (response.status !== 401) return response;
    await renewSession();
    return await fetch('/api/events', { signal });
  }
}

/**
 * Returns the event of a line; undefined for other lines and for event types of a newer server. The
 * server writes each event as one `data` line of JSON.
 */
function parseEventLine(line: string): LiveEvent | undefined {
  return line.startsWith('data:') ? parseLiveEvent(line.slice('data:'.length)) : undefined;
}
