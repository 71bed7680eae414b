import http from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { appCookies } from '@/lib/server/http/cookies';
import {
  createProxyWarning,
  normalizeUrl,
  prepareRequests,
} from '@/lib/server/http/prepare-requests';
import { logger } from '@/lib/server/log/logger';
import { listen } from '@/tests/support/listen';

afterEach(() => vi.restoreAllMocks());

it('an unconfigured proxy causes one warning that names the setting', () => {
  const warned = vi.spyOn(logger, 'warn').mockImplementation(() => {});
  const warnOnce = createProxyWarning();
  warnOnce({ headers: { host: 'chat.example.org' } });
  expect(warned).not.toHaveBeenCalled();
  for (let i = 0; i < 3; i++) warnOnce({ headers: { 'x-forwarded-for': '203.0.113.7' } });
  expect(warned).toHaveBeenCalledOnce();
  expect(warned.mock.calls[0]?.[0]).toContain('TRUSTED_PROXIES');
});

it('idle connections stay open longer than those of proxies, unlike the 5 s default of Node.js', async () => {
  process.env.POSTGRES_URL = 'postgres://localhost/chat';
  const server = http.createServer((_request, response) => response.end('ok'));
  const port = await listen(server);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const sendRequest = () =>
    new Promise<{ headers: http.IncomingHttpHeaders; reused: boolean }>((resolve, reject) => {
      const request = http.get({ port, host: '127.0.0.1', agent }, (response) => {
        response.resume().once('end', () => {
          const { reusedSocket } = request;
          setImmediate(() => resolve({ headers: response.headers, reused: reusedSocket }));
        });
      });
      request.once('error', reject);
    });

  prepareRequests();
  // The server is configured at its first request. The connection of that request still has the
  // old timeout, so it must not be reused.
  expect((await sendRequest()).headers).toMatchObject({ connection: 'close' });
  const second = await sendRequest();
  const third = await sendRequest();
  expect(second.headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=75' });
  expect([second.reused, third.reused]).toEqual([false, true]);
  expect(server.keepAliveTimeout).toBe(75_000);
  expect(server.headersTimeout).toBeGreaterThan(75_000);
  expect(server.requestTimeout).toBeGreaterThan(server.headersTimeout);
  // A connection without traffic is closed as well: its reader has stalled.
  expect(server.timeout).toBe(120_000);
  agent.destroy();
  server.close();
});

it('a request for a protocol upgrade is answered like any other', async () => {
  process.env.POSTGRES_URL = 'postgres://localhost/chat';
  prepareRequests();
  const server = http.createServer((_request, response) => response.end('plain'));
  server.on('upgrade', () => {});
  const port = await listen(server);
  const sendRequest = async (headers: http.OutgoingHttpHeaders) => {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: '/_next/hmr', headers, agent: false };
      http.get(options, resolve).once('error', reject);
    });
    return Buffer.concat(await response.toArray()).toString();
  };
  // The server is configured at its first request.
  await sendRequest({});
  expect(await sendRequest({ connection: 'Upgrade', upgrade: 'websocket' })).toBe('plain');
  server.close();
});

it('an unknown method is rejected, by the API with a clear error', async () => {
  process.env.POSTGRES_URL = 'postgres://localhost/chat';
  prepareRequests();
  const server = http.createServer(({ method, url }, response) => response.end(`${method} ${url}`));
  const port = await listen(server);
  const sendRequest = async (method: string) => {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: '/api/chat/x', method, agent: false };
      http.request(options, resolve).once('error', reject).end();
    });
    return Buffer.concat(await response.toArray()).toString();
  };
  for (const method of ['PROPFIND', 'TRACE', 'SEARCH', 'PURGE']) {
    expect(await sendRequest(method)).toBe('GET /api/-');
  }
  expect(await sendRequest('DELETE')).toBe('DELETE /api/chat/x');
  server.close();
});

it('an address with an excessive query is rejected', () => {
  const cursor = `/api/history?limit=30&cursor=${'9'.repeat(200)}`;
  expect(normalizeUrl(cursor)).toBe(cursor);
  expect(normalizeUrl(`/api/history?${'a=1&'.repeat(3_000)}`)).toBe('/api/-');
  expect(normalizeUrl('/%ff?x')).toBe('/%25ff?x');
  expect(normalizeUrl('*')).toBe('/api/-');
});

it('cookies of other apps are dropped, and the number of those of this app is limited', () => {
  const ownCookies =
    '__Secure-throughline.session_token=a.b; throughline.device=c=d; throughline.sidebar=x';
  const otherCookies = Array.from({ length: 1_500 }, (_, n) => `k${n}=1`).join('; ');
  expect(appCookies(`${otherCookies}; ${ownCookies};${otherCookies}`)).toBe(ownCookies);
  expect(appCookies(otherCookies)).toBeUndefined();
  expect(appCookies('throughline.a=1; '.repeat(1_000))?.split('; ').length).toBeLessThan(20);
});
