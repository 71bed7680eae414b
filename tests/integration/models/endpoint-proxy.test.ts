import { mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { makeSelfSigned } from '@/tests/support/self-signed';
import { collect, settingsFor } from './collect';

let models: ModelServer;
let front: https.Server;
/** What the proxy was asked, and with which password. */
const asked: Array<[what: string, authorization: string | undefined]> = [];
let refuses: number | null = null;

const proxy = http.createServer((request, response) => {
  asked.push([`${request.method} ${request.url}`, request.headers['proxy-authorization']]);
  if (refuses) return response.writeHead(refuses).end();
  const { method, headers } = request;
  const onward = http.request(request.url ?? '', { method, headers }, (given) => {
    response.writeHead(given.statusCode ?? 502, given.headers);
    given.pipe(response);
  });
  request.pipe(onward);
});
proxy.on('connect', (request, socket: net.Socket) => {
  asked.push([`CONNECT ${request.url}`, request.headers['proxy-authorization']]);
  if (refuses) return socket.end(`HTTP/1.1 ${refuses} No\r\n\r\n`);
  const onward = net.connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    onward.pipe(socket).pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
});

const listening = (server: net.Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

beforeAll(async () => {
  models = await startModelServer();
  const pair = makeSelfSigned();
  front = https.createServer(pair, (request, response) => {
    const { url, method, headers } = request;
    const onward = http.request({
      host: '127.0.0.1',
      port: models.port,
      path: url,
      method,
      headers,
    });
    onward.on('response', (given) => {
      response.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(response);
    });
    request.pipe(onward);
  });
  await listening(front);
  const address = `http://user:p%40ss@127.0.0.1:${await listening(proxy)}`;
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'throughline-ca-')), 'ca.pem');
  writeFileSync(file, pair.cert);
  // Before the first look at the configuration, which is one a process.
  Object.assign(process.env, {
    HTTP_PROXY: address,
    HTTPS_PROXY: address,
    NO_PROXY: '<-loopback>, 127.0.0.2',
    SSL_CERT_FILE: file,
  });
});
afterAll(async () => {
  for (const server of [front, proxy]) {
    server.closeAllConnections();
    server.close();
  }
  await models.stop();
});
beforeEach(() => {
  asked.length = 0;
  refuses = null;
});

const secure = () => `https://127.0.0.1:${(front.address() as AddressInfo).port}/v1`;
const PASSWORD = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;

test('a model is asked through the proxy, with its password, which the model does not see', async () => {
  const seen = await collect(settingsFor(models), '[[scenario:tokens n=2]]');
  expect(seen).toMatchObject({ text: 't0 t1 ', error: null });
  expect(asked).toEqual([[`POST ${models.baseUrl}/chat/completions`, PASSWORD]]);
});

test('https goes through a tunnel, and SSL_CERT_FILE is trusted', async () => {
  const seen = await collect(settingsFor({ baseUrl: secure() }), '[[scenario:tokens n=2]]');
  expect(seen).toMatchObject({ text: 't0 t1 ', error: null });
  expect(asked).toEqual([[`CONNECT ${new URL(secure()).host}`, PASSWORD]]);
  expect(models.requests.at(-1)?.headers).not.toHaveProperty('proxy-authorization');
});

test.each([407, 403])('a proxy that refuses (%i) is named as the one that did', async (status) => {
  refuses = status;
  const settings = settingsFor({ baseUrl: secure().replace('127.0.0.1', 'localhost') });
  const { error } = await collect(settings, 'hello');
  expect(error?.code).toBe('endpoint_unreachable');
  expect(error?.message).toContain('proxy');
});

test('what NO_PROXY names is asked directly', async () => {
  const settings = settingsFor({ baseUrl: 'http://127.0.0.2:9/v1' });
  const { error } = await collect(settings, 'hello');
  expect(error?.code).toBe('endpoint_unreachable');
  expect(asked).toEqual([]);
});
