/**
 * One connection to the server's events of the person's chats, kept as long as the page is looked
 * at. A browser allows six connections to a host: a page that is hidden gives its own back.
 */
import { delay, linked } from '@/lib/client/chat/connection';
import { ensureSession, fetchAsPageUser, renewSession } from '@/lib/client/http';
import { type PageView, pageView } from '@/lib/client/page-view';
import type { LiveEvent } from '@/lib/protocol/api';

export type LiveListener = (event: LiveEvent) => void;

/** What tests replace: the ways out, and the time things take (milliseconds). */
export type LiveSeams = {
  fetch: typeof fetch;
  ensureSession: () => Promise<unknown>;
  renewSession: () => Promise<unknown>;
  page: PageView;
  /** The first wait before a new connection; it doubles up to the last. */
  firstWaitMs: number;
  lastWaitMs: number;
  /** Silence after which a connection counts as broken; the server writes something every 15 s. */
  stallMs: number;
  /** A page that is hidden for less keeps its connection. */
  hiddenMs: number;
};

const SEAMS: LiveSeams = {
  fetch: fetchAsPageUser,
  ensureSession,
  renewSession,
  page: pageView,
  firstWaitMs: 500,
  lastWaitMs: 30_000,
  stallMs: 40_000,
  hiddenMs: 3_000,
};

const READY: LiveEvent = { type: 'ready' };

export class LiveLink {
  /** Whether the connection is there, and everything comes by it. */
  ready = false;
  private readonly seams: LiveSeams;
  private readonly listeners = new Set<LiveListener>();
  private running: AbortController | null = null;
  private closing: ReturnType<typeof setTimeout> | undefined;
  private unwatch: (() => void) | null = null;

  constructor(seams: Partial<LiveSeams> = {}) {
    this.seams = { ...SEAMS, ...seams };
  }

  /** Hears of everything from now on; `ready` first, where the connection is there or comes. */
  subscribe(listener: LiveListener): () => void {
    this.listeners.add(listener);
    // Whoever comes later has a gap behind it as well.
    if (this.ready) queueMicrotask(() => this.listeners.has(listener) && listener(READY));
    this.unwatch ??= this.seams.page.watch(() => this.adjust());
    this.adjust();
    return () => {
      this.listeners.delete(listener);
      // A listener that is replaced by another one is no reason to close.
      setTimeout(() => this.adjust());
    };
  }

  /** Opens or closes, as the page and its listeners want it now. */
  private adjust(): void {
    clearTimeout(this.closing);
    const { page, hiddenMs } = this.seams;
    const state = page.state();
    if (this.listeners.size === 0 || state === 'left') {
      this.close();
      if (this.listeners.size === 0) {
        this.unwatch?.();
        this.unwatch = null;
      }
    } else if (state === 'hidden') {
      this.closing = setTimeout(() => this.close(), hiddenMs);
    } else if (!this.running) {
      const running = new AbortController();
      this.running = running;
      this.keep(running.signal).catch(() => {
        // Aborted: the page is not looked at any more.
        if (this.running === running) this.running = null;
      });
    }
  }

  private close(): void {
    this.ready = false;
    this.running?.abort();
    this.running = null;
  }

  /** Connects again and again, until it is aborted. */
  private async keep(signal: AbortSignal): Promise<never> {
    const { firstWaitMs, lastWaitMs } = this.seams;
    for (let failures = 0; ; failures += 1) {
      if (await this.follow(signal)) failures = 0;
      signal.throwIfAborted();
      const wait = Math.min(lastWaitMs, firstWaitMs * 2 ** failures);
      await delay(wait * (0.5 + Math.random()), signal);
    }
  }

  /** One connection, from its start to its end. True where it worked. */
  private async follow(signal: AbortSignal): Promise<boolean> {
    const { controller, unlink } = linked(signal);
    let worked = false;
    let stall: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(stall);
      stall = setTimeout(() => controller.abort(), this.seams.stallMs);
    };
    try {
      alive();
      const response = await this.ask(controller.signal);
      if (!response.ok || !response.body) return false;
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return worked;
        alive();
        const messages = (rest + decoder.decode(value, { stream: true })).split('\n\n');
        rest = messages.pop() as string;
        for (const message of messages) {
          const event = eventIn(message);
          if (!event) continue;
          worked = true;
          this.ready ||= event.type === 'ready';
          for (const listener of [...this.listeners]) listener(event);
        }
      }
    } catch {
      return worked;
    } finally {
      this.ready = false;
      clearTimeout(stall);
      unlink();
      controller.abort();
    }
  }

  private async ask(signal: AbortSignal): Promise<Response> {
    const { fetch, ensureSession, renewSession } = this.seams;
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
function eventIn(message: string): LiveEvent | undefined {
  const data = message
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim())
    .join('\n');
  if (data === '') return undefined;
  try {
    const event = JSON.parse(data) as Record<string, unknown> | null;
    const known =
      event?.type === 'ready' ||
      (CHAT_EVENTS.has(event?.type as string) && typeof event?.chatId === 'string');
    return known ? (event as LiveEvent) : undefined;
  } catch {
    return undefined;
  }
}
