import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ensureSession,
  fetchAsPageUser,
  renewSession,
  resetSession,
} from '@/lib/client/account/session';
import { api } from '@/lib/client/http/api';
import { RequestError } from '@/lib/client/http/request-error';
import { listen } from '@/tests/support/listen';

const ORIGIN = Symbol.for('undici.globalOrigin.1');

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let handle: Handler;
let requests: string[];

function respond(response: ServerResponse, status: number, body?: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const signedOut = { user: null };
const unauthorized = { code: 'unauthorized', message: 'You are not signed in.' };

/** Where Node's fetch reads the base of relative URLs, as undici's `setGlobalOrigin` sets it. */
const globalOrigin = globalThis as { [ORIGIN]?: URL };

beforeEach(async () => {
  requests = [];
  resetSession();
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    handle(request, response);
  });
  globalOrigin[ORIGIN] = new URL(`http://127.0.0.1:${await listen(server)}`);
});

afterEach(async () => {
  globalOrigin[ORIGIN] = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('an API request', () => {
  it('sends JSON and returns the parsed response', async () => {
    let contentType: string | undefined;
    handle = (request, response) => {
      contentType = request.headers['content-type'];
      request.setEncoding('utf8').on('data', (body) => respond(response, 200, JSON.parse(body)));
    };
    const got = await api<{ title: string }>('/api/x', { method: 'PATCH', json: { title: 'é' } });
    expect(got).toEqual({ title: 'é' });
    expect(contentType).toBe('application/json');
  });

  it('returns nothing for a response without content', async () => {
    handle = (_, response) => respond(response, 204);
    expect(await api<void>('/api/x', { method: 'DELETE' })).toBeUndefined();
  });

  it('fails with the message of the server', async () => {
    handle = (_, response) =>
      respond(response, 404, { code: 'chat_not_found', message: 'This chat does not exist.' });
    await expect(api('/api/x')).rejects.toMatchObject({
      name: 'RequestError',
      code: 'chat_not_found',
      message: 'This chat does not exist.',
      status: 404,
    });
  });

  it.each([200, 502])(
    'reports an intermediary that responds in place of the server (%i)',
    async (status) => {
      handle = (_, response) => {
        response.writeHead(status, { 'content-type': 'text/html' });
        response.end('<h1>Proxy</h1>');
      };
      await expect(api('/api/x')).rejects.toMatchObject({ code: 'invalid_response', status });
    },
  );

  it('reports an unreachable server with a clear error', async () => {
    handle = (request) => request.socket.destroy();
    const error: unknown = await api('/api/x').catch((thrown) => thrown);
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: 'network', status: 0 });
    expect((error as RequestError).message).toContain('Couldn’t reach the server');
  });

  it('times out if nothing more arrives, on a dead connection or during a response', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const half = (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"title":');
    };
    for (const [sendRequest, startResponse] of [
      [() => api('/api/x'), () => {}],
      [() => api('/api/x'), half],
      [() => api('/api/x', { method: 'PATCH', json: {} }), () => {}],
      [ensureSession, () => {}],
    ] as const) {
      const arrived = new Promise<void>((resolve) => {
        handle = (_, response) => {
          startResponse(response);
          resolve();
        };
      });
      const request = sendRequest();
      await arrived;
      vi.advanceTimersByTime(120_000);
      await expect(request).rejects.toMatchObject({ code: 'network', status: 0 });
    }
    vi.useRealTimers();
    handle = (_, response) => respond(response, 200, signedOut);
    await expect(ensureSession()).resolves.toEqual(signedOut);
  });

  it('that is aborted by the page is not a failure', async () => {
    handle = () => {};
    const controller = new AbortController();
    const request = api('/api/x', { signal: controller.signal });
    controller.abort();
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the session', () => {
  it('is created once by concurrent requests', async () => {
    handle = (_, response) => respond(response, 200, signedOut);
    await Promise.all([ensureSession(), ensureSession()]);
    await ensureSession();
    expect(requests).toEqual(['POST /api/session']);
  });

  it('is requested again after a failure', async () => {
    handle = (_, response) => respond(response, 503, { code: 'internal', message: 'No.' });
    await expect(ensureSession()).rejects.toMatchObject({ status: 503 });
    handle = (_, response) => respond(response, 200, signedOut);
    await expect(ensureSession()).resolves.toEqual(signedOut);
  });

  it('is renewed once after it expired, and every request succeeds', async () => {
    handle = (_, response) => respond(response, 200, signedOut);
    await ensureSession();
    requests = [];
    let renewed = false;
    handle = (request, response) => {
      if (request.url === '/api/session') renewed = true;
      respond(response, renewed ? 200 : 401, renewed ? signedOut : unauthorized);
    };
    await Promise.all([api('/api/a'), api('/api/b'), api('/api/c')]);
    expect(requests.filter((line) => line === 'POST /api/session')).toHaveLength(1);
  });

  it('that is rejected permanently is an error instead of an endless loop', async () => {
    handle = (request, response) =>
      request.url === '/api/session'
        ? respond(response, 200, signedOut)
        : respond(response, 401, unauthorized);
    await expect(api('/api/a')).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
    expect(requests).toEqual(['GET /api/a', 'POST /api/session', 'GET /api/a']);
  });
});

describe('an ended session', () => {
  const missing = {
    code: 'chat_not_found',
    message: 'This chat doesn’t exist, or it belongs to another user.',
  };
  const session = (id: string, anonymous: boolean) => ({
    user: { id, name: id, email: null, anonymous },
  });

  /** Starts the page with this session. */
  async function startSession(body: object): Promise<void> {
    handle = (_, response) => respond(response, 200, body);
    await ensureSession();
    requests = [];
  }

  it('of an account is not replaced, and the page asks the user to sign in', async () => {
    resetSession();
    await startSession(session('ada', false));
    handle = (_, response) => respond(response, 401, unauthorized);
    const error = await api('/api/chat/x').catch((thrown: RequestError) => thrown);
    expect(error).toMatchObject({ code: 'session_ended', status: 401 });
    expect((error as RequestError).message).toContain('Sign in');
    await expect(renewSession()).rejects.toMatchObject({ code: 'session_ended' });
    expect(requests).toEqual(['GET /api/chat/x']);
  });

  it('is never served as another user: each request names the user of its page', async () => {
    resetSession();
    await startSession(session('ada', false));
    const named: string[] = [];
    handle = (request, response) => {
      named.push(`${request.url} ${request.headers['x-throughline-user'] ?? 'nobody'}`);
      respond(response, 200, session('ada', false));
    };
    await api('/api/history');
    await fetchAsPageUser('/api/events', { headers: { accept: 'text/event-stream' } });
    // Signing in changes the user, so its request names none.
    await api('/api/auth/sign-in', { method: 'POST', json: {} });
    resetSession();
    await ensureSession();
    expect(named).toEqual([
      '/api/history ada',
      '/api/events ada',
      '/api/auth/sign-in nobody',
      '/api/session nobody',
    ]);
  });

  it('that a guest replaced in another tab is not reported as a missing chat', async () => {
    resetSession();
    await startSession(session('ada', false));
    handle = (request, response) =>
      request.url === '/api/session'
        ? respond(response, 200, session('guest', true))
        : respond(response, 404, missing);
    await expect(api('/api/chat/x')).rejects.toMatchObject({ code: 'session_ended' });
    handle = (request, response) =>
      request.url === '/api/session'
        ? respond(response, 200, session('ada', false))
        : respond(response, 404, missing);
    await expect(api('/api/chat/x')).rejects.toMatchObject(missing);
  });

  it('of a guest is replaced by a new one, and requests for the data of the first one report that', async () => {
    resetSession();
    await startSession(session('guest', true));
    const other = session('another', true);
    handle = (request, response) => {
      if (request.url === '/api/session') respond(response, 200, other);
      else if (requests.length === 1) respond(response, 401, unauthorized);
      else respond(response, 404, missing);
    };
    const error = await api('/api/chat/x').catch((thrown: RequestError) => thrown);
    expect(error).toMatchObject({ code: 'session_ended' });
    expect((error as RequestError).message).toContain('Your guest session has ended');
  });
});
