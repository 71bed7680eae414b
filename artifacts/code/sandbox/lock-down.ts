/** Closes the ways out of a worker, each with a plain word instead of a riddle. */

const NETWORK = [
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
const SPEECH = ['postMessage', 'close'];

export const NO_NETWORK = 'A program has no network here.';

/**
 * The policy of the frame is what holds: this says why. Call it before the program begins.
 * @param scope the worker's global scope
 */
export function lockDown(scope: typeof globalThis): void {
  for (const name of NETWORK) {
    if (name in scope) {
      define(scope, name, function refuse() {
        throw new Error(`${name} is not available. ${NO_NETWORK}`);
      });
    }
  }
  define(scope, 'fetch', async () => {
    throw new Error(`fetch is not available. ${NO_NETWORK}`);
  });
  for (const name of SPEECH) {
    for (let owner: object | null = scope; owner; owner = Object.getPrototypeOf(owner)) {
      if (Object.hasOwn(owner, name)) Reflect.deleteProperty(owner, name);
    }
  }
}

function define(scope: object, name: string, value: unknown): void {
  Object.defineProperty(scope, name, { value, configurable: true, writable: true });
}
