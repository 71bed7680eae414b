import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on which what is sent takes its time, or gets lost. */
export type DatabaseProxy = {
  port: number;
  /** How long bytes are on their way to the server, in ms. What comes back comes at once. */
  delayMs: number;
  /**
   * From now on nothing arrives, in either direction, and no connection is closed. New connections
   * get through again after `mend`; those of before are lost for good.
   * @param options.except connections that have carried this text go on, and so do new ones
   */
  blackhole(options?: { except?: string }): void;
  restore(): void;
  stop(): Promise<void>;
};

type Connection = { client: Socket; upstream: Socket; isBlackholed: boolean; sentBytes: Buffer[] };

/** How much of what a connection has sent is remembered: more than it needs to be known by. */
const MAX_REMEMBERED_CHUNKS = 50;

/**
 * What is on its way when the client dies never arrives: so a client that shows things before the
 * server has them is found out.
 * @param port of the server
 */
export async function startDatabaseProxy(port: number): Promise<DatabaseProxy> {
  const connections = new Set<Connection>();
  let blackholesNew = false;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const connection: Connection = { client, upstream, isBlackholed: blackholesNew, sentBytes: [] };
    connections.add(connection);
    let lastArrival = 0;
    client.on('data', (bytes) => {
      if (connection.sentBytes.length < MAX_REMEMBERED_CHUNKS) connection.sentBytes.push(bytes);
      // In the order in which it was sent, also where the delay gets shorter meanwhile.
      lastArrival = Math.max(lastArrival, Date.now() + proxy.delayMs);
      const forward = () => !connection.isBlackholed && upstream.write(bytes);
      setTimeout(forward, lastArrival - Date.now());
    });
    upstream.on('data', (bytes) => !connection.isBlackholed && client.write(bytes));
    for (const [end, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      end.on('error', () => {});
      end.on('close', () => {
        // That a connection is closed is lost as well.
        if (connection.isBlackholed) return;
        connections.delete(connection);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: DatabaseProxy = {
    port: (server.address() as AddressInfo).port,
    delayMs: 0,
    blackhole({ except } = {}) {
      blackholesNew = except === undefined;
      for (const connection of connections) {
        const isExempt =
          except !== undefined && Buffer.concat(connection.sentBytes).includes(except);
        if (!isExempt) connection.isBlackholed = true;
      }
    },
    restore() {
      blackholesNew = false;
    },
    async stop() {
      for (const { client, upstream } of connections) {
        client.destroy();
        upstream.destroy();
      }
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
  return proxy;
}
