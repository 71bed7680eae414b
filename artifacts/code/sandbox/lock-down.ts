/** Closes the ways out of a worker, each with a plain word instead of a riddle. */

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
/** By these a program could speak to the page past the limits of its output. */
const MESSAGING_APIS = ['postMessage', 'close'];

export const NO_NETWORK_MESSAGE = 'A program has no network here.';

/**
 * The policy of the frame is what holds: this says why. Call it before the program begins.
 * @param scope the worker's global scope
 */
export function lockDown(scope: typeof globalThis): void {
  for (const name of NETWORK_APIS) {
    if (name in scope) {
      defineValue(scope, name, function refuse() {
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
