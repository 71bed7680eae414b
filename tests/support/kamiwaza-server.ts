/**
 * A fake Kamiwaza platform, limited to models: the list of deployments under /api, and the model
 * routes at its origin, which forward to a scripted model server.
 */
import http from 'node:http';
import { listen } from '@/tests/support/listen';
import { type ModelServer, startModelServer } from './model-server';

export type KamiwazaServer = {
  /** Ends in `/api`. */
  apiUrl: string;
  origin: string;
  /** The model server behind every deployment. */
  models: ModelServer;
  /** The returned list of deployments; tests change it. */
  deployments: object[];
  /** Requested paths, oldest first. */
  paths: string[];
  stop(): Promise<void>;
};

export type KamiwazaServerOptions = {
  /** Acts as an older core, which has only /serving/deployments/active. */
  legacy?: boolean;
  /** The required bearer token; none by default. */
  token?: string;
};

export async function startKamiwazaServer(
  options: KamiwazaServerOptions = {},
): Promise<KamiwazaServer> {
  const models = await startModelServer();
  const deployments: object[] = [];
  const paths: string[] = [];
  const listPath = options.legacy ? '/api/serving/deployments/active' : '/api/serving/deployments';

  const server = http.createServer((request, response) => {
    const path = request.url ?? '/';
    paths.push(path);
    const modelPath = /^\/runtime\/models\/[^/]+(\/v1\/.*)$/.exec(path)?.[1];
    if (modelPath) return proxyRequest(request, response, models.port, modelPath);
    const allowed = !options.token || request.headers.authorization === `Bearer ${options.token}`;
    if (!allowed) return sendJson(response, 401, { detail: 'Not authenticated' });
    if (path === listPath) return sendJson(response, 200, deployments);
    sendJson(response, 404, { detail: 'Not Found' });
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  return {
    apiUrl: `${origin}/api`,
    origin,
    models,
    deployments,
    paths,
    async stop() {
      await models.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendJson(response: http.ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function proxyRequest(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  port: number,
  path: string,
): void {
  const { method, headers } = request;
  const upstream = http.request(
    { host: '127.0.0.1', port, path, method, headers },
    (upstreamResponse) => {
      response.writeHead(upstreamResponse.statusCode ?? 502, upstreamResponse.headers);
      upstreamResponse.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
