import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PageVisibility } from '@/lib/client/browser/page-visibility';
import { LiveConnection, type LiveConnectionDependencies } from '@/lib/client/live/live-connection';
import type { LiveEvent } from '@/lib/protocol/live-events';
import { createCleanups } from '@/tests/support/cleanups';
import { listen } from '@/tests/support/listen';
import { waitUntil } from '@/tests/support/wait-until';

const READY: LiveEvent = { type: 'ready' };
const UPDATED: LiveEvent = { type: 'chat-updated', chatId: 'c1' };

type Handler = (request: IncomingMessage, response: ServerResponse, requestNumber: number) => void;

const cleanups = createCleanups();
afterEach(cleanups.run);

function sendEvents(response: ServerResponse, ...events: unknown[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
}

/** Starts a server that runs `handler`, and a connection from a page of settable visibility. */
async function startLiveServer(
  handler: Handler,
  dependencies: Partial<LiveConnectionDependencies> = {},
) {
  const open = new Set<ServerResponse>();
  let requestCount = 0;
  const server = createServer((request, response) => {
    requestCount += 1;
    open.add(response);
    response.on('close', () => open.delete(response));
    handler(request, response, requestCount);
  });
  const port = await listen(server);
  cleanups.add(() => {
    server.closeAllConnections();
    server.close();
  });
  const base = `http://127.0.0.1:${port}`;
  const visibilityListeners = new Set<() => void>();
  let state: ReturnType<PageVisibility['state']> = 'visible';
  const page: PageVisibility = {
    state: () => state,
    subscribe(changed) {
      visibilityListeners.add(changed);
      return () => visibilityListeners.delete(changed);
    },
  };
  const renewSession = vi.fn(async () => {});
  const connection = new LiveConnection({
    fetch: (path, init) => fetch(base + String(path), init),
    ensureSession: async () => {},
    renewSession,
    pageVisibility: page,
    backoff: { initialMs: 5, maxMs: 20, jitter: 0.5 },
    stallTimeoutMs: 30_000,
    hiddenGraceMs: 60,
    ...dependencies,
  });
  return {
    connection,
    open,
    renewSession,
    requestCount: () => requestCount,
    visibilityListeners,
    setVisibility(next: typeof state) {
      state = next;
      for (const changed of visibilityListeners) changed();
    },
    listen(events: LiveEvent[] = []) {
      const unsubscribe = connection.subscribe((event) => events.push(event));
      cleanups.add(unsubscribe);
      return { events, unsubscribe };
    },
  };
}

describe('the live connection', () => {
  it('serves all listeners, and reports the gap before a later listener', async () => {
    let openResponse: ServerResponse | undefined;
    const { listen, requestCount } = await startLiveServer((_, response) => {
      sendEvents(response, READY);
      openResponse = response;
    });
    const first = listen();
    await waitUntil(() => expect(first.events).toEqual([READY]));
    const second = listen();
    await waitUntil(() => expect(second.events).toEqual([READY]));
    openResponse?.write(`data: ${JSON.stringify(UPDATED)}\n\n`);
    await waitUntil(() => expect(second.events).toEqual([READY, UPDATED]));
    expect(first.events).toEqual([READY, UPDATED]);
    expect(requestCount()).toBe(1);
  });

  it('accepts any chunks and ignores unknown events', async () => {
    const { listen } = await startLiveServer((_, response) => {
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
    await waitUntil(() => expect(events).toEqual([READY, UPDATED]));
  });

  it('reconnects after it breaks, ends, is rejected or times out', async () => {
    const script: Handler[] = [
      (_, response) => {
        sendEvents(response, READY);
        setTimeout(() => response.destroy(), 5);
      },
      (_, response) => {
        sendEvents(response, READY);
        response.end();
      },
      (_, response) => response.writeHead(503).end(),
      (_, response) => sendEvents(response, READY),
      (_, response) => sendEvents(response, READY, UPDATED),
    ];
    const { listen, connection } = await startLiveServer(
      (request, response, requestNumber) =>
        script[Math.min(requestNumber, script.length) - 1]?.(request, response, requestNumber),
      { stallTimeoutMs: 2_000 },
    );
    const { events } = listen();
    await waitUntil(() => expect(events).toEqual([READY, READY, READY, READY, UPDATED]));
    expect(connection.isReady).toBe(true);
  });

  it('backs off if the server rejects it', async () => {
    const { listen, requestCount } = await startLiveServer(
      (_, response) => response.writeHead(404).end(),
      { backoff: { initialMs: 20, maxMs: 400, jitter: 0.5 } },
    );
    listen();
    await waitUntil(() => expect(requestCount()).toBeGreaterThan(1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(requestCount()).toBeLessThan(8);
  });

  it('waits for the session of a first visit, and retries if none can be created', async () => {
    let tries = 0;
    const ensureSessionOnce = () =>
      ++tries === 1 ? Promise.reject(new Error('unavailable')) : Promise.resolve();
    const { listen, requestCount, renewSession } = await startLiveServer(
      (_, response) => sendEvents(response, READY),
      {
        ensureSession: ensureSessionOnce,
      },
    );
    const { events } = listen();
    await waitUntil(() => expect(events).toEqual([READY]));
    expect([tries, requestCount()]).toEqual([2, 1]);
    expect(renewSession).not.toHaveBeenCalled();
  });

  it('creates a new session if the old one is missing', async () => {
    const { listen, renewSession } = await startLiveServer((_, response, requestNumber) => {
      if (requestNumber === 1) response.writeHead(401).end();
      else sendEvents(response, READY);
    });
    const { events } = listen();
    await waitUntil(() => expect(events).toEqual([READY]));
    expect(renewSession).toHaveBeenCalledTimes(1);
  });
});

describe('the live connection of a hidden page', () => {
  it('is closed after a while and opened again when the page is visible', async () => {
    const { listen, setVisibility, open, connection } = await startLiveServer((_, response) =>
      sendEvents(response, READY),
    );
    const { events } = listen();
    await waitUntil(() => expect(events).toEqual([READY]));
    setVisibility('hidden');
    await waitUntil(() => expect(open.size).toBe(0));
    expect(connection.isReady).toBe(false);
    setVisibility('visible');
    await waitUntil(() => expect(events).toEqual([READY, READY]));
    expect(open.size).toBe(1);
  });

  it('survives a short visit to another tab', async () => {
    const { listen, setVisibility, requestCount } = await startLiveServer((_, response) =>
      sendEvents(response, READY),
    );
    const { events } = listen();
    await waitUntil(() => expect(events).toEqual([READY]));
    setVisibility('hidden');
    setVisibility('visible');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(requestCount()).toBe(1);
  });

  it('is closed immediately when the page is left or the last listener unsubscribes', async () => {
    const { listen, setVisibility, open, visibilityListeners } = await startLiveServer(
      (_, response) => sendEvents(response, READY),
      {
        hiddenGraceMs: 60_000,
      },
    );
    const { events, unsubscribe } = listen();
    await waitUntil(() => expect(events).toHaveLength(1));
    setVisibility('frozen');
    await waitUntil(() => expect(open.size).toBe(0));
    setVisibility('visible');
    await waitUntil(() => expect(events).toHaveLength(2));
    unsubscribe();
    await waitUntil(() => expect(open.size).toBe(0));
    expect(visibilityListeners.size).toBe(0);
  });
});
