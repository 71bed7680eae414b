import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The way between browser and app, which a test can break. */
export type NetworkProxy = {
  /** The app's address by way of the proxy. */
  baseUrl: string;
  /** Breaks all connections, and refuses new ones until `mend`. */
  breakConnections(): void;
  /** Breaks all connections as `cut` does, in the middle of the next line of an answer's text. */
  cutWithinLine(): void;
  /** Lets everything hang: nothing is passed on, nothing is closed. */
  stall(): void;
  /** Requests arrive, and nothing of their answers does. */
  stallResponses(): void;
  /** Works again: for new connections, and for stalled ones unless `loseStalled`. */
  restore(options?: { dropStalled?: boolean }): void;
  stop(): Promise<void>;
};

/** @param port of the app */
export async function startProxy(port: number): Promise<NetworkProxy> {
  const sockets = new Set<Socket>();
  const appSockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'cut mid-line' | 'stalled' | 'answers stalled' = 'open';

  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((browser) => {
    if (state === 'cut') {
      browser.resetAndDestroy();
      return;
    }
    const app = connect(port, '127.0.0.1');
    appSockets.add(app);
    for (const [from, to] of [
      [browser, app],
      [app, browser],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => {
        const text = state === 'cut mid-line' && from === app ? bytes.lastIndexOf('0:"') : -1;
        if (text === -1) {
          to.write(bytes);
          return;
        }
        state = 'cut';
        // Not broken at once: what is on its way would be lost with the connection. Nothing follows it.
        for (const socket of sockets) socket.pause();
        to.write(bytes.subarray(0, text + 4), () => setTimeout(breakAll, 50));
      });
      from.on('end', () => to.end());
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        appSockets.delete(from);
        to.destroy();
      });
      if (state === 'stalled' || (state === 'answers stalled' && from === app)) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakConnections() {
      state = 'cut';
      breakAll();
    },
    cutWithinLine() {
      state = 'cut mid-line';
    },
    stall() {
      state = 'stalled';
      for (const socket of sockets) socket.pause();
    },
    stallResponses() {
      state = 'answers stalled';
      for (const socket of appSockets) socket.pause();
    },
    restore({ loseStalled: dropStalled = false } = {}) {
      state = 'open';
      // Resumed too late by then: the browser has given them up, or never learns of it.
      if (!dropStalled) for (const socket of sockets) socket.resume();
    },
    async stop() {
      breakAll();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
