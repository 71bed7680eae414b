import { once } from 'node:events';
import http from 'node:http';
import { listen } from '@/tests/support/listen';

/** Response header with the index of the server that sent it, counted from 0. */
export const SERVED_BY = 'x-served-by';

export type RoundRobinBalancer = { baseUrl: string; stop(): Promise<void> };

/**
 * Starts a plain load balancer: each request goes to the next server, or to the one after it if the
 * connection is refused. There is no affinity.
 * @param ports of the servers
 */
export async function startRoundRobin(ports: readonly number[]): Promise<RoundRobinBalancer> {
  let nextServer = 0;
  const agent = new http.Agent({ keepAlive: false });

  function forward(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer) {
    let attempts = 0;
    const attempt = () => {
      const index = nextServer++ % ports.length;
      attempts += 1;
      const { method, url: path, headers } = request;
      const upstream = http.request(
        { host: '127.0.0.1', port: ports[index], method, path, headers, agent },
        (upstreamResponse) => {
          response.writeHead(upstreamResponse.statusCode ?? 502, {
            ...upstreamResponse.headers,
            [SERVED_BY]: String(index),
          });
          response.flushHeaders();
          upstreamResponse.on('data', (bytes) => {
            if (!response.write(bytes)) upstreamResponse.pause();
          });
          response.on('drain', () => upstreamResponse.resume());
          upstreamResponse.on('end', () => response.end());
          // If a server dies, the client's connection breaks, as without the balancer.
          upstreamResponse.on('error', () => response.destroy());
          upstreamResponse.on('aborted', () => response.destroy());
        },
      );
      upstream.on('error', (error: NodeJS.ErrnoException) => {
        if (response.headersSent) response.destroy();
        else if (error.code === 'ECONNREFUSED' && attempts < ports.length) attempt();
        else response.writeHead(502).end();
      });
      response.on('close', () => upstream.destroy());
      upstream.end(body);
    };
    attempt();
  }

  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    forward(request, response, Buffer.concat(chunks));
  });
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
