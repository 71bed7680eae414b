import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from '@/tests/support/listen';

/** A TCP proxy between browser and app that a test can break. */
export type NetworkProxy = {
  /** The app's URL through the proxy. */
  baseUrl: string;
  /** Resets all connections, and rejects new ones until `restore`. */
  breakConnections(): void;
  /** As `breakConnections`, but within the next line of an answer's text. */
  cutWithinLine(): void;
  /** Stalls all connections: no bytes pass, and none is closed. */
  stall(): void;
  /** Passes these requests (such as `POST /api/chat `) on and stalls their responses. */
  stallResponses(requestStart: string): void;
  /** Restores new connections, and stalled ones unless `dropStalled`. */
  restore(options?: { dropStalled?: boolean }): void;
  stop(): Promise<void>;
};

/** @param port of the app */
export async function startProxy(port: number): Promise<NetworkProxy> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'cut mid-line' | 'stalled' = 'open';
  let stalledRequest: string | null = null;

  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((browser) => {
    if (state === 'cut') {
      browser.resetAndDestroy();
      return;
    }
    const app = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [browser, app],
      [app, browser],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => {
        if (from === browser && stalledRequest !== null && bytes.includes(stalledRequest))
          app.pause();
        const text = state === 'cut mid-line' && from === app ? bytes.lastIndexOf('0:"') : -1;
        if (text === -1) {
          to.write(bytes);
          return;
        }
        state = 'cut';
        // The reset is delayed: it would discard bytes in transit. Nothing follows them.
        for (const socket of sockets) socket.pause();
        to.write(bytes.subarray(0, text + 4), () => setTimeout(breakAll, 50));
      });
      from.on('end', () => to.end());
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (state === 'stalled') from.pause();
    }
  });
  const proxyPort = await listen(server);

  return {
    baseUrl: `http://127.0.0.1:${proxyPort}`,
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
    stallResponses(requestStart) {
      stalledRequest = requestStart;
    },
    restore({ dropStalled = false } = {}) {
      state = 'open';
      stalledRequest = null;
      // With `dropStalled` stalled connections stay paused, as if the network had lost them.
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
