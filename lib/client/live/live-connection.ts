/**
 * One connection to the server's events of the person's chats, kept as long as the page is looked
 * at. A browser allows six connections to a host: a page that is hidden gives its own back.
 */

import { type PageVisibility, pageVisibility } from '@/lib/client/browser/page-visibility';
import { linkedAbortController, waitForRetry } from '@/lib/client/browser/wait';
import { ensureSession, fetchAsPageUser, renewSession } from '@/lib/client/http/api';
import type { LiveEvent } from '@/lib/protocol/api';

export type LiveListener = (event: LiveEvent) => void;

/** What tests replace: the ways out, and the time things take (milliseconds). */
export type LiveConnectionDependencies = {
  fetch: typeof fetch;
  ensureSession: () => Promise<unknown>;
  renewSession: () => Promise<unknown>;
  pageVisibility: PageVisibility;
  /** The first wait before a new connection; it doubles up to the last. */
  initialBackoffMs: number;
  maxBackoffMs: number;
  /** Silence after which a connection counts as broken; the server writes something every 15 s. */
  stallTimeoutMs: number;
  /** A page that is hidden for less keeps its connection. */
  hiddenGraceMs: number;
};

const DEFAULT_DEPENDENCIES: LiveConnectionDependencies = {
  fetch: fetchAsPageUser,
  ensureSession,
  renewSession,
  pageVisibility,
  initialBackoffMs: 500,
  maxBackoffMs: 30_000,
  stallTimeoutMs: 40_000,
  hiddenGraceMs: 3_000,
};

const READY_EVENT: LiveEvent = { type: 'ready' };

export class LiveConnection {
  /** Whether the connection is there, and everything comes by it. */
  isReady = false;
  private readonly dependencies: LiveConnectionDependencies;
  private readonly listeners = new Set<LiveListener>();
  private activeController: AbortController | null = null;
  private closeTimer: ReturnType<typeof setTimeout> | undefined;
  private stopWatchingVisibility: (() => void) | null = null;

  constructor(dependencies: Partial<LiveConnectionDependencies> = {}) {
    this.dependencies = { ...DEFAULT_DEPENDENCIES, ...dependencies };
  }

  /** Hears of everything from now on; `ready` first, where the connection is there or comes. */
  subscribe(listener: LiveListener): () => void {
    this.listeners.add(listener);
    // Whoever comes later has a gap behind it as well.
    if (this.isReady) queueMicrotask(() => this.listeners.has(listener) && listener(READY_EVENT));
    this.stopWatchingVisibility ??= this.dependencies.pageVisibility.subscribe(() =>
      this.openOrClose(),
    );
    this.openOrClose();
    return () => {
      this.listeners.delete(listener);
      // A listener that is replaced by another one is no reason to close.
      setTimeout(() => this.openOrClose());
    };
  }

  /** Opens or closes, as the page and its listeners want it now. */
  private openOrClose(): void {
    clearTimeout(this.closeTimer);
    const { pageVisibility, hiddenGraceMs } = this.dependencies;
    const state = pageVisibility.state();
    if (this.listeners.size === 0 || state === 'left') {
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
        // Aborted: the page is not looked at any more.
        if (this.activeController === controller) this.activeController = null;
      });
    }
  }

  private close(): void {
    this.isReady = false;
    this.activeController?.abort();
    this.activeController = null;
  }

  /** Connects again and again, until it is aborted. */
  private async connectForever(signal: AbortSignal): Promise<never> {
    const { initialBackoffMs, maxBackoffMs } = this.dependencies;
    for (let failures = 0; ; failures += 1) {
      if (await this.readConnection(signal)) failures = 0;
      signal.throwIfAborted();
      const delayMs = Math.min(maxBackoffMs, initialBackoffMs * 2 ** failures);
      await waitForRetry(delayMs * (0.5 + Math.random()), signal);
    }
  }

  /** One connection, from its start to its end. True where it worked. */
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
      let partialMessage = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return receivedEvent;
        resetStallTimer();
        const messages = (partialMessage + decoder.decode(value, { stream: true })).split('\n\n');
        partialMessage = messages.pop() as string;
        for (const message of messages) {
          const event = parseServerSentEvent(message);
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

const CHAT_EVENTS = new Set([
  'run-started',
  'run-ended',
  'chat-updated',
  'chat-deleted',
  'branch-selected',
  'document-updated',
]);

/** The event of one server-sent message; undefined for a keep-alive, and for what a newer server says. */
function parseServerSentEvent(message: string): LiveEvent | undefined {
  const data = message
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim())
    .join('\n');
  if (data === '') return undefined;
  try {
    const event = JSON.parse(data) as Record<string, unknown> | null;
    const isKnown =
      event?.type === 'ready' ||
      (CHAT_EVENTS.has(event?.type as string) && typeof event?.chatId === 'string');
    return isKnown ? (event as LiveEvent) : undefined;
  } catch {
    return undefined;
  }
}
