import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { peerAddressHeader } from '@/lib/auth/peer-address';
import { getConfig } from '@/lib/config';
import { logger } from '@/lib/logger';

/** Prepares every request of the process's servers before Next sees it: its address and its path. */
export function prepareRequests(): void {
  const header = peerAddressHeader();
  const warn = getConfig().limits.trustedProxies === null ? createProxyWarning() : null;
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const address = request.socket.remoteAddress;
    if (address) request.headers[header] = address;
    warn?.(request);
    request.url = decodableUrl(request.url ?? '/');
  });
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
 * The URL with a path that can be decoded: one with broken percent signs is taken literally, so that
 * nothing is found there. Next would answer it with a 500.
 */
function decodableUrl(url: string): string {
  const [path = ''] = url.split('?', 1);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return `${path.replaceAll('%', '%25')}${url.slice(path.length)}`;
  }
}
