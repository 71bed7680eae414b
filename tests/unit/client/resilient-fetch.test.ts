import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Ending } from '@/lib/client/chat/connect';
import { createResilientFetch } from '@/lib/client/chat/resilient-fetch';
import { foldLines, textOf } from '@/lib/protocol/fold';
import { formatEnding, formatLine, splitLines } from '@/lib/protocol/lines';

const WORDS = Array.from({ length: 40 }, (_, index) => `w${index} `);
const LOG = [
  formatLine('f', { messageId: 'm1' }),
  ...WORDS.map((word) => formatLine('0', word)),
  ...splitLines(formatEnding({ type: 'run-ended', status: 'complete' })).map((l) => `${l}\n`),
];

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

let close: (() => void) | undefined;
afterEach(() => close?.());

/** A real server with a script, and our fetch on it. */
async function against(handler: Handler) {
  const requests: Array<{ method: string; url: string; runId?: string; body: string }> = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const runId = request.headers['x-run-id'] as string | undefined;
    requests.push({ method: request.method ?? '', url: request.url ?? '', runId, body });
    handler(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const seen = { accepted: 0, reconnecting: [] as boolean[], endings: [] as Ending[], sessions: 0 };
  const resilientFetch = createResilientFetch(
    {
      chatId: 'chat',
      onAccepted: () => {
        seen.accepted += 1;
      },
      onReconnecting: (state) => seen.reconnecting.push(state),
      onEnd: (ending) => seen.endings.push(ending),
    },
    {
      fetch: (input, init) => fetch(base + String(input), init),
      renewSession: async () => {
        seen.sessions += 1;
      },
      stallMs: 150,
      firstByteMs: 150,
      sendMs: 1_500,
      paceMs: 5,
      firstWaitMs: 5,
      lastWaitMs: 20,
    },
  );
  const post = (signal = new AbortController().signal) =>
    resilientFetch('/api/chat', { method: 'POST', body: '{"a":1}', signal });
  return { post, resilientFetch, requests, seen };
}

function position(request: IncomingMessage): number {
  return Number(new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? 0);
}

const HEADERS = { 'x-run-id': 'r1' };

function shownText(body: string): string {
  return textOf(foldLines(splitLines(body)).parts);
}

describe('an answer over connections that fail', () => {
  it('is whole, and each word there once, however often the connection breaks', async () => {
    const { post, requests, seen } = await against((request, response) => {
      response.writeHead(200, HEADERS);
      const rest = LOG.slice(position(request)).join('');
      response.write(rest.slice(0, 120));
      if (rest.length > 120) setTimeout(() => response.destroy(), 10);
      else response.end();
    });
    expect(shownText(await (await post()).text())).toBe(WORDS.join(''));
    expect(requests[1]).toMatchObject({ method: 'GET', runId: 'r1' });
    expect(requests[1]?.url).toMatch(/^\/api\/chat\?chatId=chat&after=\d+$/);
    expect(seen.endings).toEqual([{ told: true, replacement: undefined }]);
    expect(seen.reconnecting.at(-1)).toBe(false);
  });

  it('is followed on where a proxy ends the body early but politely', async () => {
    const { post } = await against((request, response) => {
      response.writeHead(200, HEADERS);
      response.end(LOG.slice(position(request), position(request) + 30).join(''));
    });
    expect(shownText(await (await post()).text())).toBe(WORDS.join(''));
  });

  it('is followed on where the connection falls silent, but not while keep-alives come', async () => {
    const { post, requests } = await against((request, response, nth) => {
      response.writeHead(200, HEADERS);
      if (nth === 2) {
        response.end(LOG.slice(position(request)).join(''));
        return;
      }
      response.write(LOG.slice(0, 10).join(''));
      const alive = setInterval(() => response.write('\n'), 50);
      setTimeout(() => clearInterval(alive), 400);
    });
    const started = performance.now();
    expect(shownText(await (await post()).text())).toBe(WORDS.join(''));
    expect(performance.now() - started).toBeGreaterThan(450);
    expect(requests).toHaveLength(2);
  });

  it('is followed on where a connection that was kept is dead, and nothing answers over it', async () => {
    const { post, requests } = await against((request, response, nth) => {
      if (nth === 2) return;
      response.writeHead(200, HEADERS);
      response.write(LOG.slice(position(request), nth === 1 ? 5 : undefined).join(''));
      if (nth === 1) setTimeout(() => response.destroy(), 10);
      else response.end();
    });
    const body = await (await post()).text();
    expect(shownText(body)).toBe(WORDS.join(''));
    expect(requests).toHaveLength(3);
  });

  it('is sent again where nothing comes back over the connection it was sent on', async () => {
    const { post, requests, seen } = await against((_, response, nth) => {
      if (nth > 1) response.writeHead(200, HEADERS).end(LOG.join(''));
    });
    expect(shownText(await (await post()).text())).toBe(WORDS.join(''));
    expect(requests.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"a":1}'],
      ['POST', '{"a":1}'],
    ]);
    expect(seen.accepted).toBe(1);
  });

  it('waits for a server that restarts', async () => {
    const { post, requests } = await against((request, response, nth) => {
      if (nth > 1 && nth < 5) {
        response.writeHead(503).end('{}');
        return;
      }
      response.writeHead(200, HEADERS);
      if (nth === 1) response.end(LOG.slice(0, 5).join(''));
      else response.end(LOG.slice(position(request)).join(''));
    });
    expect(shownText(await (await post()).text())).toBe(WORDS.join(''));
    expect(requests).toHaveLength(5);
  });

  it('ends, and says that nobody told how, where the run is gone or another one is there', async () => {
    for (const second of [
      (response: ServerResponse) => response.writeHead(404).end('{}'),
      (response: ServerResponse) => response.writeHead(200).end(),
      (response: ServerResponse) => response.writeHead(200, { 'x-run-id': 'r2' }).end(LOG.join('')),
    ]) {
      const { post, seen } = await against((_, response, nth) => {
        if (nth > 1) second(response);
        else response.writeHead(200, HEADERS).end(LOG.slice(0, 5).join(''));
      });
      expect(shownText(await (await post()).text())).toBe(WORDS.slice(0, 4).join(''));
      expect(seen.endings).toEqual([{ told: false, replacement: undefined }]);
      close?.();
    }
  });
});

describe('a send', () => {
  it('gets a new session and goes out once more where the old one is gone', async () => {
    const { post, requests, seen } = await against((_, response, nth) => {
      if (nth === 1) response.writeHead(401).end('{}');
      else response.writeHead(200, HEADERS).end(LOG.join(''));
    });
    expect(shownText(await (await post()).text())).toBe(WORDS.join(''));
    expect(seen).toMatchObject({ sessions: 1, accepted: 1 });
    expect(requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('is repeated where the network swallowed it', async () => {
    const { post, seen } = await against((request, response, nth) => {
      if (nth === 1) request.socket.destroy();
      else response.writeHead(200, HEADERS).end(LOG.join(''));
    });
    expect(shownText(await (await post()).text())).toBe(WORDS.join(''));
    expect(seen.accepted).toBe(1);
  });

  it('says in plain words why the server refused it', async () => {
    const { post, seen } = await against((_, response) => {
      response.writeHead(409).end(JSON.stringify({ code: 'run_live', message: 'Wait.' }));
    });
    await expect(post()).rejects.toMatchObject({ code: 'run_live', message: 'Wait.', status: 409 });
    expect(seen.accepted).toBe(0);
  });

  it('says that the server cannot be reached', async () => {
    const { post } = await against((request) => request.socket.destroy());
    await expect(post()).rejects.toMatchObject({ code: 'network', status: 0 });
  });

  it('is over at once when the page lets go of it, and asks no more', async () => {
    const { post, requests, seen } = await against((_, response) => {
      response.writeHead(200, HEADERS).write(LOG.slice(0, 5).join(''));
    });
    const controller = new AbortController();
    const body = (await post(controller.signal)).text();
    setTimeout(() => controller.abort(), 30);
    await expect(body).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(requests).toHaveLength(1);
    expect(seen.endings).toEqual([]);
  });
});

describe('a resume', () => {
  it('with nothing to resume ends quietly', async () => {
    const { resilientFetch, seen } = await against((_, response) => response.writeHead(200).end());
    const response = await resilientFetch('/api/chat?chatId=chat', { method: 'GET' });
    expect(await response.text()).toBe('');
    expect(seen.endings).toEqual([{ told: false, replacement: undefined }]);
  });
});
