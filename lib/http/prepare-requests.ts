import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { peerAddressHeader } from '@/lib/auth/peer-address';

/** Prepares every request of the process's servers before Next sees it: its address and its path. */
export function prepareRequests(): void {
  const header = peerAddressHeader();
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const address = request.socket.remoteAddress;
    if (address) request.headers[header] = address;
    request.url = decodableUrl(request.url ?? '/');
  });
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
