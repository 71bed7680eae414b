import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { makeSelfSigned } from '@/tests/support/self-signed';
import { collect, settingsFor } from './collect';

let models: ModelServer;
let front: https.Server;
let baseUrl: string;

beforeAll(async () => {
  models = await startModelServer();
  front = https.createServer(makeSelfSigned(), (request, response) => {
    const { url, method, headers } = request;
    const onward = http.request(
      { host: '127.0.0.1', port: models.port, path: url, method, headers },
      (given) => {
        response.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(response);
      },
    );
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  baseUrl = `https://127.0.0.1:${(front.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await models.stop();
});

describe('an endpoint with a certificate of its own making', () => {
  test('is refused, and the person reads why', async () => {
    const { error } = await collect(settingsFor({ baseUrl }), '[[scenario:tokens n=1]]');
    expect(error?.code).toBe('endpoint_unreachable');
    expect(error?.message).toContain('SSL_CERT_FILE');
  });

  test('answers where certificates are not to be checked', async () => {
    const settings = settingsFor({ baseUrl }, { verifyTls: false });
    const seen = await collect(settings, '[[scenario:tokens n=2]]');
    expect(seen).toMatchObject({ text: 't0 t1 ', error: null });
  });

  test('is refused still by everything else in the process', async () => {
    await collect(settingsFor({ baseUrl }, { verifyTls: false }), '[[scenario:tokens n=1]]');
    await expect(fetch(`${baseUrl}/models`)).rejects.toThrow();
    const { error } = await collect(settingsFor({ baseUrl }), '[[scenario:tokens n=1]]');
    expect(error?.code).toBe('endpoint_unreachable');
  });
});
