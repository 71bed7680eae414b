/** Blocks the network and messaging APIs of a worker, with clear error messages. */

const NETWORK_APIS = [
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'WebTransport',
  'RTCPeerConnection',
  'webkitRTCPeerConnection',
  'mozRTCPeerConnection',
  'importScripts',
];
/** With these a program could bypass the output limits. */
const MESSAGING_APIS = ['postMessage', 'close'];

export const NO_NETWORK_MESSAGE = 'Programs have no network access here.';

/**
 * The policy of the iframe enforces the isolation; this adds the error messages. Call it before the
 * program starts.
 * @param scope the worker's global scope
 */
export function lockDown(scope: typeof globalThis): void {
  for (const name of NETWORK_APIS) {
    if (name in scope) {
      defineValue(scope, name, function throwUnavailable() {
        throw new Error(`${name} is not available. ${NO_NETWORK_MESSAGE}`);
      });
    }
  }
  defineValue(scope, 'fetch', async () => {
    throw new Error(`fetch is not available. ${NO_NETWORK_MESSAGE}`);
  });
  for (const name of MESSAGING_APIS) {
    for (let owner: object | null = scope; owner; owner = Object.getPrototypeOf(owner)) {
      if (Object.hasOwn(owner, name)) Reflect.deleteProperty(owner, name);
    }
  }
}

function defineValue(scope: object, name: string, value: unknown): void {
  Object.defineProperty(scope, name, { value, configurable: true, writable: true });
}
