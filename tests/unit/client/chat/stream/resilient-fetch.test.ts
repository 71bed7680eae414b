import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { ResilientFetchDependencies, StreamEnd } from '@/lib/client/chat/stream/connect';
import { createResilientFetch } from '@/lib/client/chat/stream/resilient-fetch';
import { foldLines } from '@/lib/protocol/fold-message';
import { formatLine, formatRunEnd, splitLines } from '@/lib/protocol/lines';
import { textOf } from '@/lib/protocol/text-of';
import { listen } from '@/tests/support/listen';

const WORDS = Array.from({ length: 40 }, (_, index) => `w${index} `);
const LOG = [
  formatLine('f', { messageId: 'm1' }),
  ...WORDS.map((word) => formatLine('0', word)),
  ...splitLines(formatRunEnd({ type: 'run-ended', status: 'complete' })).map((line) => `${line}\n`),
];

type Handler = (request: IncomingMessage, response: ServerResponse, requestNumber: number) => void;

let close: (() => void) | undefined;
afterEach(() => close?.());

/**
 * Starts a server that runs `handler`, and a resilient fetch that uses it.
 * @param timeouts the ones that the test waits for; a busy machine does not reach the others
 */
async function startScriptedServer(
  handler: Handler,
  timeouts: Partial<ResilientFetchDependencies> = {},
) {
  const requests: Array<{ method: string; url: string; runId?: string; body: string }> = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const runId = request.headers['x-run-id'] as string | undefined;
    requests.push({ method: request.method ?? '', url: request.url ?? '', runId, body });
    handler(request, response, requests.length);
  });
  const base = `http://127.0.0.1:${await listen(server)}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const callbacks = {
    accepted: 0,
    reconnecting: [] as boolean[],
    endings: [] as StreamEnd[],
    sessions: 0,
  };
  const resilientFetch = createResilientFetch(
    {
      chatId: 'chat',
      onAccepted: () => {
        callbacks.accepted += 1;
      },
      onReconnecting: (state) => callbacks.reconnecting.push(state),
      onStreamEnd: (streamEnd) => callbacks.endings.push(streamEnd),
    },
    {
      fetch: (input, init) => fetch(base + String(input), init),
      renewSession: async () => {
        callbacks.sessions += 1;
      },
      stallTimeoutMs: 30_000,
      firstByteTimeoutMs: 30_000,
      sendTimeoutMs: 30_000,
      paceIntervalMs: 5,
      backoff: { initialMs: 5, maxMs: 20, jitter: 0.25 },
      ...timeouts,
    },
  );
  const post = (signal = new AbortController().signal) =>
    resilientFetch('/api/chat', { method: 'POST', body: '{"a":1}', signal });
  return { post, resilientFetch, requests, callbacks };
}

function requestedOffset(request: IncomingMessage): number {
  return Number(new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? 0);
}

const HEADERS = { 'x-run-id': 'r1' };

function deliveredText(body: string): string {
  return textOf(foldLines(splitLines(body)).parts);
}

describe('an answer over unreliable connections', () => {
  it('is complete without duplicates after any number of disconnects', async () => {
    const { post, requests, callbacks } = await startScriptedServer((request, response) => {
      response.writeHead(200, HEADERS);
      const remainder = LOG.slice(requestedOffset(request)).join('');
      response.write(remainder.slice(0, 120));
      if (remainder.length > 120) setTimeout(() => response.destroy(), 10);
      else response.end();
    });
    expect(deliveredText(await (await post()).text())).toBe(WORDS.join(''));
    expect(requests[1]).toMatchObject({ method: 'GET', runId: 'r1' });
    expect(requests[1]?.url).toMatch(/^\/api\/chat\?chatId=chat&after=\d+$/);
    expect(callbacks.endings).toEqual([{ hasRunEnded: true, replacement: undefined }]);
    expect(callbacks.reconnecting.at(-1)).toBe(false);
  });

  it('is resumed if a proxy ends the response early but cleanly', async () => {
    const { post } = await startScriptedServer((request, response) => {
      response.writeHead(200, HEADERS);
      response.end(LOG.slice(requestedOffset(request), requestedOffset(request) + 30).join(''));
    });
    expect(deliveredText(await (await post()).text())).toBe(WORDS.join(''));
  });

  it('is resumed if the connection is idle without keep-alives', async () => {
    const { post, requests } = await startScriptedServer(
      (request, response, requestNumber) => {
        response.writeHead(200, HEADERS);
        if (requestNumber === 2) {
          response.end(LOG.slice(requestedOffset(request)).join(''));
          return;
        }
        response.write(LOG.slice(0, 10).join(''));
        const keepAlive = setInterval(() => response.write('\n'), 100);
        setTimeout(() => clearInterval(keepAlive), 2_500);
      },
      { stallTimeoutMs: 2_000 },
    );
    const started = performance.now();
    expect(deliveredText(await (await post()).text())).toBe(WORDS.join(''));
    expect(performance.now() - started).toBeGreaterThan(4_000);
    expect(requests).toHaveLength(2);
  });

  it('is resumed if a pooled connection is dead', async () => {
    const { post, requests } = await startScriptedServer(
      (request, response, requestNumber) => {
        if (requestNumber === 2) return;
        response.writeHead(200, HEADERS);
        response.write(
          LOG.slice(requestedOffset(request), requestNumber === 1 ? 5 : undefined).join(''),
        );
        if (requestNumber === 1) setTimeout(() => response.destroy(), 10);
        else response.end();
      },
      { firstByteTimeoutMs: 2_000 },
    );
    const body = await (await post()).text();
    expect(deliveredText(body)).toBe(WORDS.join(''));
    expect(requests).toHaveLength(3);
  });

  it('is requested again if the first connection gets no response', async () => {
    const { post, requests, callbacks } = await startScriptedServer(
      (_, response, requestNumber) => {
        if (requestNumber > 1) response.writeHead(200, HEADERS).end(LOG.join(''));
      },
      { sendTimeoutMs: 2_000 },
    );
    expect(deliveredText(await (await post()).text())).toBe(WORDS.join(''));
    expect(requests.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"a":1}'],
      ['POST', '{"a":1}'],
    ]);
    expect(callbacks.accepted).toBe(1);
  });

  it('waits for a server that restarts', async () => {
    const { post, requests } = await startScriptedServer((request, response, requestNumber) => {
      if (requestNumber > 1 && requestNumber < 5) {
        response.writeHead(503).end('{}');
        return;
      }
      response.writeHead(200, HEADERS);
      if (requestNumber === 1) response.end(LOG.slice(0, 5).join(''));
      else response.end(LOG.slice(requestedOffset(request)).join(''));
    });
    expect(deliveredText(await (await post()).text())).toBe(WORDS.join(''));
    expect(requests).toHaveLength(5);
  });

  it('reports that its run has not ended if the run is missing or replaced', async () => {
    for (const second of [
      (response: ServerResponse) => response.writeHead(404).end('{}'),
      (response: ServerResponse) => response.writeHead(200).end(),
      (response: ServerResponse) => response.writeHead(200, { 'x-run-id': 'r2' }).end(LOG.join('')),
    ]) {
      const { post, callbacks } = await startScriptedServer((_, response, requestNumber) => {
        if (requestNumber > 1) second(response);
        else response.writeHead(200, HEADERS).end(LOG.slice(0, 5).join(''));
      });
      expect(deliveredText(await (await post()).text())).toBe(WORDS.slice(0, 4).join(''));
      expect(callbacks.endings).toEqual([{ hasRunEnded: false, replacement: undefined }]);
      close?.();
    }
  });
});

describe('a send', () => {
  it('renews a missing session and is sent again', async () => {
    const { post, requests, callbacks } = await startScriptedServer(
      (_, response, requestNumber) => {
        if (requestNumber === 1) response.writeHead(401).end('{}');
        else response.writeHead(200, HEADERS).end(LOG.join(''));
      },
    );
    expect(deliveredText(await (await post()).text())).toBe(WORDS.join(''));
    expect(callbacks).toMatchObject({ sessions: 1, accepted: 1 });
    expect(requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('is repeated after a network failure', async () => {
    const { post, callbacks } = await startScriptedServer((request, response, requestNumber) => {
      if (requestNumber === 1) request.socket.destroy();
      else response.writeHead(200, HEADERS).end(LOG.join(''));
    });
    expect(deliveredText(await (await post()).text())).toBe(WORDS.join(''));
    expect(callbacks.accepted).toBe(1);
  });

  it('reports the reason of a rejection', async () => {
    const { post, callbacks } = await startScriptedServer((_, response) => {
      response.writeHead(409).end(JSON.stringify({ code: 'run_in_progress', message: 'Wait.' }));
    });
    await expect(post()).rejects.toMatchObject({
      code: 'run_in_progress',
      message: 'Wait.',
      status: 409,
    });
    expect(callbacks.accepted).toBe(0);
  });

  it('reports an unreachable server', async () => {
    const { post } = await startScriptedServer((request) => request.socket.destroy());
    await expect(post()).rejects.toMatchObject({ code: 'network', status: 0 });
  });

  it('stops immediately when it is aborted, and sends nothing more', async () => {
    const { post, requests, callbacks } = await startScriptedServer((_, response) => {
      response.writeHead(200, HEADERS).write(LOG.slice(0, 5).join(''));
    });
    const controller = new AbortController();
    const body = (await post(controller.signal)).text();
    setTimeout(() => controller.abort(), 30);
    await expect(body).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(requests).toHaveLength(1);
    expect(callbacks.endings).toEqual([]);
  });
});

describe('a resume', () => {
  it('without a running answer ends without an error', async () => {
    const { resilientFetch, callbacks } = await startScriptedServer((_, response) =>
      response.writeHead(200).end(),
    );
    const response = await resilientFetch('/api/chat?chatId=chat', { method: 'GET' });
    expect(await response.text()).toBe('');
    expect(callbacks.endings).toEqual([{ hasRunEnded: false, replacement: undefined }]);
  });
});
