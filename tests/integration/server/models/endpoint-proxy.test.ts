import { mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listen } from '@/tests/support/listen';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { makeSelfSigned } from '@/tests/support/self-signed';
import { collectStream, settingsFor } from './collect-stream';

let models: ModelServer;
let tlsFront: https.Server;
/** The requests to the proxy, with their Proxy-Authorization header. */
const proxyRequests: Array<[request: string, authorization: string | undefined]> = [];
let rejectStatus: number | null = null;

const proxy = http.createServer((request, response) => {
  proxyRequests.push([`${request.method} ${request.url}`, request.headers['proxy-authorization']]);
  if (rejectStatus) return response.writeHead(rejectStatus).end();
  const { method, headers } = request;
  const upstream = http.request(request.url ?? '', { method, headers }, (upstreamResponse) => {
    response.writeHead(upstreamResponse.statusCode ?? 502, upstreamResponse.headers);
    upstreamResponse.pipe(response);
  });
  request.pipe(upstream);
});
proxy.on('connect', (request, socket: net.Socket) => {
  proxyRequests.push([`CONNECT ${request.url}`, request.headers['proxy-authorization']]);
  if (rejectStatus) return socket.end(`HTTP/1.1 ${rejectStatus} No\r\n\r\n`);
  const upstream = net.connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('error', () => upstream.destroy());
});

beforeAll(async () => {
  models = await startModelServer();
  const pair = makeSelfSigned();
  tlsFront = https.createServer(pair, (request, response) => {
    const { url, method, headers } = request;
    const upstream = http.request({
      host: '127.0.0.1',
      port: models.port,
      path: url,
      method,
      headers,
    });
    upstream.on('response', (upstreamResponse) => {
      response.writeHead(upstreamResponse.statusCode ?? 502, upstreamResponse.headers);
      upstreamResponse.pipe(response);
    });
    request.pipe(upstream);
  });
  await listen(tlsFront);
  const address = `http://user:p%40ss@127.0.0.1:${await listen(proxy)}`;
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'throughline-ca-')), 'ca.pem');
  writeFileSync(file, pair.cert);
  // Before the configuration is first read, which happens once per process.
  Object.assign(process.env, {
    HTTP_PROXY: address,
    HTTPS_PROXY: address,
    NO_PROXY: '<-loopback>, 127.0.0.2',
    SSL_CERT_FILE: file,
  });
});
afterAll(async () => {
  for (const server of [tlsFront, proxy]) {
    server.closeAllConnections();
    server.close();
  }
  await models.stop();
});
beforeEach(() => {
  proxyRequests.length = 0;
  rejectStatus = null;
});

const secure = () => `https://127.0.0.1:${(tlsFront.address() as AddressInfo).port}/v1`;
const PASSWORD = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;

test('a model is requested through the proxy with its password, which the model does not receive', async () => {
  const collected = await collectStream(settingsFor(models), '[[scenario:tokens n=2]]');
  expect(collected).toMatchObject({ text: 't0 t1 ', error: null });
  expect(proxyRequests).toEqual([[`POST ${models.baseUrl}/chat/completions`, PASSWORD]]);
});

test('https uses a tunnel, and SSL_CERT_FILE is trusted', async () => {
  const collected = await collectStream(
    settingsFor({ baseUrl: secure() }),
    '[[scenario:tokens n=2]]',
  );
  expect(collected).toMatchObject({ text: 't0 t1 ', error: null });
  expect(proxyRequests).toEqual([[`CONNECT ${new URL(secure()).host}`, PASSWORD]]);
  expect(models.requests.at(-1)?.headers).not.toHaveProperty('proxy-authorization');
});

test.each([407, 403])('a proxy that rejects with %i is named as the cause', async (status) => {
  rejectStatus = status;
  const settings = settingsFor({ baseUrl: secure().replace('127.0.0.1', 'localhost') });
  const { error } = await collectStream(settings, 'hello');
  expect(error?.code).toBe('endpoint_unreachable');
  expect(error?.message).toContain('proxy');
});

test('hosts of NO_PROXY are requested directly', async () => {
  const settings = settingsFor({ baseUrl: 'http://127.0.0.2:9/v1' });
  const { error } = await collectStream(settings, 'hello');
  expect(error?.code).toBe('endpoint_unreachable');
  expect(proxyRequests).toEqual([]);
});
