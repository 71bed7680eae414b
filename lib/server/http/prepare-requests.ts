import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { getConfig } from '@/lib/server/config';
import { appCookies } from '@/lib/server/http/cookies';
import { peerAddressHeader } from '@/lib/server/http/peer-address';
import { CONNECTION_IDLE_TIMEOUT_MS } from '@/lib/server/http/response-body';
import { logger } from '@/lib/server/log/logger';

type RequestStart = { request: IncomingMessage; response: ServerResponse; server: Server };

/** Next refuses all others (PROPFIND, TRACE, …) without a word. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The headers of a request may take longer than its connection may be idle. */
const HEADERS_MARGIN_MS = 5_000;

/**
 * Prepares every request of the process's servers before Next sees it: its address, its path and its
 * cookies. The servers belong to Next, which leaves no other way to them, so it also sets how long they
 * keep an idle connection open, and that they take no upgrades.
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
 * Node's own 5 s are less than proxies keep their connections, and a request that a proxy sends over
 * one that is just being closed fails.
 */
function configureKeepAlive(server: Server, response: ServerResponse, timeoutMs: number): void {
  if (server.keepAliveTimeout === timeoutMs) return;
  server.timeout = CONNECTION_IDLE_TIMEOUT_MS;
  response.setTimeout(CONNECTION_IDLE_TIMEOUT_MS);
  server.keepAliveTimeout = timeoutMs;
  server.headersTimeout = Math.max(server.headersTimeout, timeoutMs + HEADERS_MARGIN_MS);
  // This response was given the old value already: its connection must not be kept for that long.
  response.shouldKeepAlive = false;
  // Next keeps the connection of an upgrade that it does not know, without an answer and for ever.
  // Without a listener Node answers as if none were asked for. `next dev` needs its own.
  if (process.env.NODE_ENV !== 'development') server.removeAllListeners('upgrade');
}

/**
 * Next reads cookies in a time that grows with the square of their number: 15 KB of them cost it 0.7 s
 * on every route, for anybody. Other apps of the same host leave theirs in browsers, too.
 */
function dropUnknownCookies({ headers }: IncomingMessage): void {
  if (headers.cookie === undefined) return;
  const appCookieHeader = appCookies(headers.cookie);
  if (appCookieHeader === undefined) delete headers.cookie;
  else headers.cookie = appCookieHeader;
}

/** Warns once of a proxy in front that no setting names. */
export function createProxyWarning(): (request: Pick<IncomingMessage, 'headers'>) => void {
  let hasWarned = false;
  return ({ headers }) => {
    if (hasWarned || headers['x-forwarded-for'] === undefined) return;
    hasWarned = true;
    logger.warn(
      'Requests come with X-Forwarded-For, but TRUSTED_PROXIES is not set: limits take all users behind that proxy for one address. Set TRUSTED_PROXIES to the number of proxies in front, or to 0 where there is none.',
    );
  };
}

/**
 * Next reads a query several times, and in a time that grows with the square of its parameters: 12 KB of
 * them cost it 0.4 s, for anybody. Ours are shorter than this by far.
 */
const MAX_QUERY_CHARS = 1_024;
/** Nothing is there, which the API says at little cost. */
const NOT_FOUND_PATH = '/api/-';

function routeToNotFound(request: IncomingMessage): void {
  request.method = 'GET';
  request.url = NOT_FOUND_PATH;
}

/** The URL as Next can read it, and soon. */
export function normalizeUrl(url: string): string {
  // `OPTIONS *`: Next would fail with it.
  if (url === '*') return NOT_FOUND_PATH;
  const query = url.indexOf('?');
  return query !== -1 && url.length - query > MAX_QUERY_CHARS
    ? NOT_FOUND_PATH
    : escapeMalformedPath(url);
}

/**
 * The URL with a path that can be decoded: one with broken percent signs is taken literally, so that
 * nothing is found there. Next would answer it with a 500.
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
