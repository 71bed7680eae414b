import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on which what is sent takes its time. */
export type SlowWire = {
  port: number;
  /** How long bytes are on their way to the server, in ms. What comes back comes at once. */
  delayMs: number;
  stop(): Promise<void>;
};

/**
 * What is on its way when the client dies never arrives: so a client that shows things before the
 * server has them is found out.
 * @param port of the server
 */
export async function startSlowWire(port: number): Promise<SlowWire> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let lastArrival = 0;
    client.on('data', (bytes) => {
      // In the order in which it was sent, also where the delay gets shorter meanwhile.
      lastArrival = Math.max(lastArrival, Date.now() + wire.delayMs);
      setTimeout(() => upstream.write(bytes), lastArrival - Date.now());
    });
    upstream.on('data', (bytes) => client.write(bytes));
    for (const [end, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        sockets.delete(end);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const wire: SlowWire = {
    port: (server.address() as AddressInfo).port,
    delayMs: 0,
    async stop() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
  return wire;
}
