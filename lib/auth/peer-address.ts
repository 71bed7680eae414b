import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { processSingleton } from '@/lib/process';

/**
 * The request header that carries the address of the connection to route handlers, which see no
 * socket. Next fills x-forwarded-for with it only where the client has sent none. The name is a
 * secret of the process, so that no client can send it.
 */
export function peerAddressHeader(): string {
  return processSingleton('peerAddressHeader', () => `x-peer-${randomBytes(16).toString('hex')}`);
}

/** Writes the header into every request of the process's servers, before Next sees it. */
export function recordPeerAddresses(): void {
  const header = peerAddressHeader();
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const address = request.socket.remoteAddress;
    if (address) request.headers[header] = address;
  });
}
