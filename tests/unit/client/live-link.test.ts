import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveLink, type LiveSeams } from '@/lib/client/live-link';
import type { PageView } from '@/lib/client/page-view';
import type { LiveEvent } from '@/lib/protocol/api';

const READY: LiveEvent = { type: 'ready' };
const UPDATED: LiveEvent = { type: 'chat-updated', chatId: 'c1' };

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

const ends: Array<() => void> = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

function tell(response: ServerResponse, ...events: unknown[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
}

/** A real server with a script, and a link to it from a page that the test looks at or not. */
async function against(handler: Handler, seams: Partial<LiveSeams> = {}) {
  const open = new Set<ServerResponse>();
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    open.add(response);
    response.on('close', () => open.delete(response));
    handler(request, response, asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const watchers = new Set<() => void>();
  let state: ReturnType<PageView['state']> = 'visible';
  const page: PageView = {
    state: () => state,
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
  const sessions = vi.fn(async () => {});
  const link = new LiveLink({
    fetch: (path, init) => fetch(base + String(path), init),
    ensureSession: async () => {},
    renewSession: sessions,
    page,
    firstWaitMs: 5,
    lastWaitMs: 20,
    stallMs: 5_000,
    hiddenMs: 60,
    ...seams,
  });
  return {
    link,
    open,
    sessions,
    asked: () => asked,
    watchers,
    look(next: typeof state) {
      state = next;
      for (const changed of watchers) changed();
    },
    listen(events: LiveEvent[] = []) {
      const unsubscribe = link.subscribe((event) => events.push(event));
      ends.push(unsubscribe);
      return { events, unsubscribe };
    },
  };
}

const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 4_500, interval: 5 });

describe('news of the chats', () => {
  it('reaches all who listen by one connection, and who comes later knows of the gap before', async () => {
    let say: ServerResponse | undefined;
    const { listen, asked } = await against((_, response) => {
      tell(response, READY);
      say = response;
    });
    const first = listen();
    await soon(() => expect(first.events).toEqual([READY]));
    const second = listen();
    await soon(() => expect(second.events).toEqual([READY]));
    say?.write(`data: ${JSON.stringify(UPDATED)}\n\n`);
    await soon(() => expect(second.events).toEqual([READY, UPDATED]));
    expect(first.events).toEqual([READY, UPDATED]);
    expect(asked()).toBe(1);
  });

  it('is understood wherever it is cut, and what is not known is passed over', async () => {
    const { listen } = await against((_, response) => {
      response.writeHead(200);
      const all = `:\n\ndata: ${JSON.stringify(READY)}\n\ndata: {"type":"new-thing"}\n\ndata: nonsense\n\ndata: {"type":"chat-updated"}\n\ndata: ${JSON.stringify(UPDATED)}\n\n`;
      void (async () => {
        for (const char of all) {
          response.write(char);
          await new Promise(setImmediate);
        }
      })();
    });
    const { events } = listen();
    await soon(() => expect(events).toEqual([READY, UPDATED]));
  });

  it('comes again after a connection that breaks, ends, is refused or falls silent', async () => {
    const script: Handler[] = [
      (_, response) => {
        tell(response, READY);
        setTimeout(() => response.destroy(), 5);
      },
      (_, response) => {
        tell(response, READY);
        response.end();
      },
      (_, response) => response.writeHead(503).end(),
      (_, response) => tell(response, READY),
      (_, response) => tell(response, READY, UPDATED),
    ];
    const { listen, link } = await against(
      (request, response, nth) =>
        script[Math.min(nth, script.length) - 1]?.(request, response, nth),
      { stallMs: 300 },
    );
    const { events } = listen();
    await soon(() => expect(events).toEqual([READY, READY, READY, READY, UPDATED]));
    expect(link.ready).toBe(true);
  });

  it('is not asked for without rest where the server refuses', async () => {
    const { listen, asked } = await against((_, response) => response.writeHead(404).end(), {
      firstWaitMs: 20,
      lastWaitMs: 400,
    });
    listen();
    await soon(() => expect(asked()).toBeGreaterThan(1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(asked()).toBeLessThan(8);
  });

  it('waits for the session of a first visit, and tries again where none can be had', async () => {
    let tries = 0;
    const made = () => (++tries === 1 ? Promise.reject(new Error('away')) : Promise.resolve());
    const { listen, asked, sessions } = await against((_, response) => tell(response, READY), {
      ensureSession: made,
    });
    const { events } = listen();
    await soon(() => expect(events).toEqual([READY]));
    expect([tries, asked()]).toEqual([2, 1]);
    expect(sessions).not.toHaveBeenCalled();
  });

  it('gets a new session where the old one is gone', async () => {
    const { listen, sessions } = await against((_, response, nth) => {
      if (nth === 1) response.writeHead(401).end();
      else tell(response, READY);
    });
    const { events } = listen();
    await soon(() => expect(events).toEqual([READY]));
    expect(sessions).toHaveBeenCalledTimes(1);
  });
});

describe('a page that is not looked at', () => {
  it('gives its connection back after a while, and has a new one when it is seen again', async () => {
    const { listen, look, open, link } = await against((_, response) => tell(response, READY));
    const { events } = listen();
    await soon(() => expect(events).toEqual([READY]));
    look('hidden');
    await soon(() => expect(open.size).toBe(0));
    expect(link.ready).toBe(false);
    look('visible');
    await soon(() => expect(events).toEqual([READY, READY]));
    expect(open.size).toBe(1);
  });

  it('keeps it over a short look at another tab', async () => {
    const { listen, look, asked } = await against((_, response) => tell(response, READY));
    const { events } = listen();
    await soon(() => expect(events).toEqual([READY]));
    look('hidden');
    look('visible');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(asked()).toBe(1);
  });

  it('gives it back at once when it is left, and when nobody listens any more', async () => {
    const { listen, look, open, watchers } = await against((_, response) => tell(response, READY), {
      hiddenMs: 60_000,
    });
    const { events, unsubscribe } = listen();
    await soon(() => expect(events).toHaveLength(1));
    look('left');
    await soon(() => expect(open.size).toBe(0));
    look('visible');
    await soon(() => expect(events).toHaveLength(2));
    unsubscribe();
    await soon(() => expect(open.size).toBe(0));
    expect(watchers.size).toBe(0);
  });
});
