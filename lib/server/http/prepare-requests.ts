import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { getConfig } from '@/lib/server/config';
import { appCookies } from '@/lib/server/http/cookies';
import { peerAddressHeader } from '@/lib/server/http/peer-address';
import { CONNECTION_IDLE_TIMEOUT_MS } from '@/lib/server/http/response-body';
import { logger } from '@/lib/server/log/logger';

type RequestStart = { request: IncomingMessage; response: ServerResponse; server: Server };

/** Next rejects all other methods (PROPFIND, TRACE, …) without a body. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The timeout for a request's headers exceeds the keep-alive timeout by this. */
const HEADERS_MARGIN_MS = 5_000;

/**
 * Prepares every request of this process's servers before Next handles it: client address, path and
 * cookies. Next creates the servers and gives no other access to them, so this also sets their
 * keep-alive timeout and disables upgrades.
 */
export function prepareRequests(): void {
  const { limits, keepAliveTimeoutMs } = getConfig();
  const header = peerAddressHeader();
  const warn = limits.trustedProxies === null ? createProxyWarning() : null;
  subscribe('http.server.request.start', (message) => {
    const { request, response, server } = message as RequestStart;
    configureKeepAlive(server, response, keepAliveTimeoutMs);
    const address = request.socket.remoteAddress;
    if (address) request.headers[header] = address;
    warn?.(request);
    dropUnknownCookies(request);
    request.url = normalizeUrl(request.url ?? '/');
    if (!METHODS.has(request.method ?? '')) routeToNotFound(request);
  });
}

/**
 * Node's default of 5 s is shorter than the time proxies keep their connections, and a request that
 * a proxy sends over a connection that is just being closed fails.
 */
function configureKeepAlive(server: Server, response: ServerResponse, timeoutMs: number): void {
  if (server.keepAliveTimeout === timeoutMs) return;
  server.timeout = CONNECTION_IDLE_TIMEOUT_MS;
  response.setTimeout(CONNECTION_IDLE_TIMEOUT_MS);
  server.keepAliveTimeout = timeoutMs;
  server.headersTimeout = Math.max(server.headersTimeout, timeoutMs + HEADERS_MARGIN_MS);
  // This response already has the old timeout, so its connection must not be reused.
  response.shouldKeepAlive = false;
  // Next keeps the connection of an unknown upgrade open forever, without a response. Without a
  // listener Node ignores the upgrade and responds as usual. `next dev` needs its own listener.
  if (process.env.NODE_ENV !== 'development') server.removeAllListeners('upgrade');
}

/**
 * Next parses cookies in quadratic time: 15 KB of them cost 0.7 s on every route, for any client.
 * Browsers also send cookies of other apps on the same host.
 */
function dropUnknownCookies({ headers }: IncomingMessage): void {
  if (headers.cookie === undefined) return;
  const appCookieHeader = appCookies(headers.cookie);
  if (appCookieHeader === undefined) delete headers.cookie;
  else headers.cookie = appCookieHeader;
}

/** Warns once if requests pass a proxy although TRUSTED_PROXIES is not set. */
export function createProxyWarning(): (request: Pick<IncomingMessage, 'headers'>) => void {
  let hasWarned = false;
  return ({ headers }) => {
    if (hasWarned || headers['x-forwarded-for'] === undefined) return;
    hasWarned = true;
    logger.warn(
      'Requests have X-Forwarded-For, but TRUSTED_PROXIES is not set: all users behind that proxy share the limits of one address. Set TRUSTED_PROXIES to the number of proxies in front of the app, or to 0 if there is none.',
    );
  };
}

/**
 * Next parses a query several times, in time quadratic in the number of parameters: 12 KB of them
 * cost 0.4 s, for any client. The app's own queries are far shorter.
 */
const MAX_QUERY_CHARS = 1_024;
/** An API path that does not exist: its 404 is cheap. */
const NOT_FOUND_PATH = '/api/-';

function routeToNotFound(request: IncomingMessage): void {
  request.method = 'GET';
  request.url = NOT_FOUND_PATH;
}

/** Returns a URL that Next can parse without an error and in bounded time. */
export function normalizeUrl(url: string): string {
  // `OPTIONS *`: Next would throw.
  if (url === '*') return NOT_FOUND_PATH;
  const query = url.indexOf('?');
  return query !== -1 && url.length - query > MAX_QUERY_CHARS
    ? NOT_FOUND_PATH
    : escapeMalformedPath(url);
}

/**
 * Escapes the percent signs of a path that cannot be decoded, so that it matches no route. Next
 * would respond to it with a 500.
 */
function escapeMalformedPath(url: string): string {
  const [path = ''] = url.split('?', 1);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return `${path.replaceAll('%', '%25')}${url.slice(path.length)}`;
  }
}
