import { randomBytes } from 'node:crypto';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/**
 * Returns the name of the request header that passes the connection's IP address to route handlers,
 * which have no access to the socket. Next fills x-forwarded-for with it only if the client has
 * sent none. The name is random per process, so that no client can send it.
 */
export function peerAddressHeader(): string {
  return processSingleton('peerAddressHeader', () => `x-peer-${randomBytes(16).toString('hex')}`);
}
