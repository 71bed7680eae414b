import http from 'node:http';
import https from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '@/tests/support/listen';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { makeSelfSigned } from '@/tests/support/self-signed';
import { collectStream, settingsFor } from './collect-stream';

let models: ModelServer;
let tlsFront: https.Server;
let baseUrl: string;

beforeAll(async () => {
  models = await startModelServer();
  tlsFront = https.createServer(makeSelfSigned(), (request, response) => {
    const { url, method, headers } = request;
    const upstream = http.request(
      { host: '127.0.0.1', port: models.port, path: url, method, headers },
      (upstreamResponse) => {
        response.writeHead(upstreamResponse.statusCode ?? 502, upstreamResponse.headers);
        upstreamResponse.pipe(response);
      },
    );
    request.pipe(upstream);
  });
  baseUrl = `https://127.0.0.1:${await listen(tlsFront)}/v1`;
});
afterAll(async () => {
  tlsFront.closeAllConnections();
  tlsFront.close();
  await models.stop();
});

describe('an endpoint with a self-signed certificate', () => {
  test('is rejected, and the error names SSL_CERT_FILE', async () => {
    const { error } = await collectStream(settingsFor({ baseUrl }), '[[scenario:tokens n=1]]');
    expect(error?.code).toBe('endpoint_unreachable');
    expect(error?.message).toContain('SSL_CERT_FILE');
  });

  test('is accepted if certificate checks are disabled', async () => {
    const settings = settingsFor({ baseUrl }, { verifyTls: false });
    const collected = await collectStream(settings, '[[scenario:tokens n=2]]');
    expect(collected).toMatchObject({ text: 't0 t1 ', error: null });
  });

  test('is still rejected by the rest of the process', async () => {
    await collectStream(settingsFor({ baseUrl }, { verifyTls: false }), '[[scenario:tokens n=1]]');
    await expect(fetch(`${baseUrl}/models`)).rejects.toThrow();
    const { error } = await collectStream(settingsFor({ baseUrl }), '[[scenario:tokens n=1]]');
    expect(error?.code).toBe('endpoint_unreachable');
  });
});
