import { randomBytes } from 'node:crypto';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/**
 * The request header that carries the address of the connection to route handlers, which see no
 * socket. Next fills x-forwarded-for with it only where the client has sent none. The name is a
 * secret of the process, so that no client can send it.
 */
export function peerAddressHeader(): string {
  return processSingleton('peerAddressHeader', () => `x-peer-${randomBytes(16).toString('hex')}`);
}
