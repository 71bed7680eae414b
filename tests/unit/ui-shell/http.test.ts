import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  api,
  ensureSession,
  fetchAsPageUser,
  forgetSession,
  RequestError,
  renewSession,
} from '@/lib/client/http';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let base: string;
let handle: Handler;
let seen: string[];

function answer(response: ServerResponse, status: number, body?: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const nobody = { user: null };
const unauthorized = { code: 'unauthorized', message: 'You are not signed in.' };

// The browser's relative addresses, resolved against a real server.
const realFetch = globalThis.fetch;

beforeEach(async () => {
  seen = [];
  forgetSession();
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  globalThis.fetch = (path, init) => realFetch(new URL(String(path), base), init);
});

afterEach(async () => {
  globalThis.fetch = realFetch;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a request to the API', () => {
  it('sends JSON and gives the parsed answer', async () => {
    let contentType: string | undefined;
    handle = (request, response) => {
      contentType = request.headers['content-type'];
      request.setEncoding('utf8').on('data', (body) => answer(response, 200, JSON.parse(body)));
    };
    const got = await api<{ title: string }>('/api/x', { method: 'PATCH', json: { title: 'é' } });
    expect(got).toEqual({ title: 'é' });
    expect(contentType).toBe('application/json');
  });

  it('has nothing to give where the server has nothing to say', async () => {
    handle = (_, response) => answer(response, 204);
    expect(await api<void>('/api/x', { method: 'DELETE' })).toBeUndefined();
  });

  it('fails with the words of the server', async () => {
    handle = (_, response) =>
      answer(response, 404, { code: 'chat_not_found', message: 'This chat does not exist.' });
    await expect(api('/api/x')).rejects.toMatchObject({
      name: 'RequestError',
      code: 'chat_not_found',
      message: 'This chat does not exist.',
      status: 404,
    });
  });

  it.each([200, 502])(
    'says so when something else answers in the place of the server (%i)',
    async (status) => {
      handle = (_, response) => {
        response.writeHead(status, { 'content-type': 'text/html' });
        response.end('<h1>Proxy</h1>');
      };
      await expect(api('/api/x')).rejects.toMatchObject({ code: 'bad_answer', status });
    },
  );

  it('says in plain words that the server is gone', async () => {
    handle = (request) => request.socket.destroy();
    const error: unknown = await api('/api/x').catch((thrown) => thrown);
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: 'network', status: 0 });
    expect((error as RequestError).message).toContain('cannot be reached');
  });

  it('is given up where nothing more comes: over a dead connection, or in the middle of an answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const half = (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"title":');
    };
    for (const [ask, begin] of [
      [() => api('/api/x'), () => {}],
      [() => api('/api/x'), half],
      [() => api('/api/x', { method: 'PATCH', json: {} }), () => {}],
      [ensureSession, () => {}],
    ] as const) {
      const arrived = new Promise<void>((resolve) => {
        handle = (_, response) => {
          begin(response);
          resolve();
        };
      });
      const request = ask();
      await arrived;
      vi.advanceTimersByTime(120_000);
      await expect(request).rejects.toMatchObject({ code: 'network', status: 0 });
    }
    vi.useRealTimers();
    handle = (_, response) => answer(response, 200, nobody);
    await expect(ensureSession()).resolves.toEqual(nobody);
  });

  it('that the page gives up stays an abort and is no failure', async () => {
    handle = () => {};
    const controller = new AbortController();
    const request = api('/api/x', { signal: controller.signal });
    controller.abort();
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the session', () => {
  it('is made once, however many ask for it at the same time', async () => {
    handle = (_, response) => answer(response, 200, nobody);
    await Promise.all([ensureSession(), ensureSession()]);
    await ensureSession();
    expect(seen).toEqual(['POST /api/session']);
  });

  it('is asked for again after a failure', async () => {
    handle = (_, response) => answer(response, 503, { code: 'internal', message: 'No.' });
    await expect(ensureSession()).rejects.toMatchObject({ status: 503 });
    handle = (_, response) => answer(response, 200, nobody);
    await expect(ensureSession()).resolves.toEqual(nobody);
  });

  it('that ran out is renewed once, and every request goes through', async () => {
    handle = (_, response) => answer(response, 200, nobody);
    await ensureSession();
    seen = [];
    let renewed = false;
    handle = (request, response) => {
      if (request.url === '/api/session') renewed = true;
      answer(response, renewed ? 200 : 401, renewed ? nobody : unauthorized);
    };
    await Promise.all([api('/api/a'), api('/api/b'), api('/api/c')]);
    expect(seen.filter((line) => line === 'POST /api/session')).toHaveLength(1);
  });

  it('that is refused for good is an error, not an endless loop', async () => {
    handle = (request, response) =>
      request.url === '/api/session'
        ? answer(response, 200, nobody)
        : answer(response, 401, unauthorized);
    await expect(api('/api/a')).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
    expect(seen).toEqual(['GET /api/a', 'POST /api/session', 'GET /api/a']);
  });
});

describe('a session that has ended', () => {
  const missing = {
    code: 'chat_not_found',
    message: 'This chat does not exist, or it is not yours.',
  };
  const session = (id: string, anonymous: boolean) => ({
    user: { id, name: id, email: null, anonymous },
  });

  /** The page begins with this session. */
  async function begin(body: object): Promise<void> {
    handle = (_, response) => answer(response, 200, body);
    await ensureSession();
    seen = [];
  }

  it('of an account is not replaced: the page is told to ask its user to sign in', async () => {
    forgetSession();
    await begin(session('ada', false));
    handle = (_, response) => answer(response, 401, unauthorized);
    const error = await api('/api/chat/x').catch((thrown: RequestError) => thrown);
    expect(error).toMatchObject({ code: 'session_ended', status: 401 });
    expect((error as RequestError).message).toContain('Sign in');
    await expect(renewSession()).rejects.toMatchObject({ code: 'session_ended' });
    expect(seen).toEqual(['GET /api/chat/x']);
  });

  it('is never taken for that of another user: each request names whose page it comes from', async () => {
    forgetSession();
    await begin(session('ada', false));
    const named: string[] = [];
    handle = (request, response) => {
      named.push(`${request.url} ${request.headers['x-throughline-user'] ?? 'nobody'}`);
      answer(response, 200, session('ada', false));
    };
    await api('/api/history');
    await fetchAsPageUser('/api/events', { headers: { accept: 'text/event-stream' } });
    // Whoever signs in becomes another user.
    await api('/api/auth/sign-in', { method: 'POST', json: {} });
    forgetSession();
    await ensureSession();
    expect(named).toEqual([
      '/api/history ada',
      '/api/events ada',
      '/api/auth/sign-in nobody',
      '/api/session nobody',
    ]);
  });

  it('and that a guest has taken the place of, in another tab, is not told as a missing chat', async () => {
    forgetSession();
    await begin(session('ada', false));
    handle = (request, response) =>
      request.url === '/api/session'
        ? answer(response, 200, session('guest', true))
        : answer(response, 404, missing);
    await expect(api('/api/chat/x')).rejects.toMatchObject({ code: 'session_ended' });
    handle = (request, response) =>
      request.url === '/api/session'
        ? answer(response, 200, session('ada', false))
        : answer(response, 404, missing);
    await expect(api('/api/chat/x')).rejects.toMatchObject(missing);
  });

  it('of a guest is replaced by another one; what was the first one’s is told as that', async () => {
    forgetSession();
    await begin(session('guest', true));
    const other = session('another', true);
    handle = (request, response) => {
      if (request.url === '/api/session') answer(response, 200, other);
      else if (seen.length === 1) answer(response, 401, unauthorized);
      else answer(response, 404, missing);
    };
    const error = await api('/api/chat/x').catch((thrown: RequestError) => thrown);
    expect(error).toMatchObject({ code: 'session_ended' });
    expect((error as RequestError).message).toContain('session as a guest has ended');
  });
});
