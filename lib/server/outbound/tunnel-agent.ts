/** Connects to https URLs through an HTTP proxy, by CONNECT. */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';

/** A failure of the proxy itself, not of the host behind it. */
export class ProxyError extends Error {
  /** @param status of the proxy's response; null if it could not be reached */
  constructor(
    readonly status: number | null,
    cause?: unknown,
  ) {
    super(status === null ? 'The proxy cannot be reached' : `The proxy responded with ${status}`, {
      cause,
    });
  }
}

/** Timeout of a CONNECT; the request's own timeout usually expires sooner. */
const TUNNEL_TIMEOUT_MS = 60_000;

type ConnectCallback = NonNullable<Parameters<https.Agent['createConnection']>[1]>;
export class TunnelAgent extends https.Agent {
  constructor(
    private readonly proxy: URL,
    options: https.AgentOptions,
  ) {
    super(options);
  }

  /** Called by Node for each new connection; passes the socket to the callback. */
  override createConnection(target: https.RequestOptions, callback?: ConnectCallback): undefined {
    const { host, port } = target;
    const done = callback as (error: Error | null, socket?: Socket) => void;
    const authority = `${host?.includes(':') ? `[${host}]` : host}:${port}`;
    const options: https.RequestOptions & tls.SecureContextOptions & tls.ConnectionOptions = {
      ...proxyConnection(this.proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyAuthHeaders(this.proxy) },
      agent: false,
      timeout: TUNNEL_TIMEOUT_MS,
      rejectUnauthorized: this.options.rejectUnauthorized,
      secureContext: this.options.secureContext,
    };
    const request = (this.proxy.protocol === 'https:' ? https : http).request(options);
    request.once('timeout', () => request.destroy(new Error('CONNECT timed out')));
    request.once('error', (error) => done(new ProxyError(null, error)));
    request.once('connect', (response, socket: Socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        return done(new ProxyError(response.statusCode ?? null));
      }
      socket.setTimeout(0);
      done(null, tls.connect({ ...(target as tls.ConnectionOptions), path: undefined, socket }));
    });
    // Some proxies send a regular response to a CONNECT that they reject.
    request.once('response', (response) => {
      response.destroy();
      done(new ProxyError(response.statusCode ?? null));
    });
    request.end();
  }
}

/** Host and port of a proxy. */
export function proxyConnection(proxy: URL): { host: string; port: number } {
  const defaultPort = proxy.protocol === 'https:' ? 443 : 80;
  return { host: proxy.hostname.replace(/^\[|\]$/g, ''), port: Number(proxy.port) || defaultPort };
}

/** The authorization header of a proxy; empty without credentials in its URL. */
export function proxyAuthHeaders({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
