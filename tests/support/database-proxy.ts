import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from '@/tests/support/listen';

/** A TCP proxy in front of a database server that can delay or drop traffic. */
export type DatabaseProxy = {
  port: number;
  /** Delay of bytes sent to the server, in milliseconds. Responses are not delayed. */
  delayMs: number;
  /**
   * From now on no bytes pass in either direction, and no connection is closed. New connections
   * work again after `restore`; existing ones never do.
   * @param options.except connections that have sent this text keep working, as do new ones
   */
  blackhole(options?: { except?: string }): void;
  /** Lets new connections through again. */
  restore(): void;
  stop(): Promise<void>;
};

type Connection = { client: Socket; upstream: Socket; isBlackholed: boolean; sentBytes: Buffer[] };

/** Sent chunks stored per connection, for `except`; more than it takes to identify a connection. */
const MAX_REMEMBERED_CHUNKS = 50;

/**
 * Starts a proxy. Bytes that are still delayed when the client dies never arrive: this exposes a
 * client that delivers content before the server has stored it.
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
      // Keeps the order of the bytes even if the delay gets shorter in the meantime.
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
        // The end of a connection is dropped too.
        if (connection.isBlackholed) return;
        connections.delete(connection);
        other.destroy();
      });
    }
  });
  const proxyPort = await listen(server);
  const proxy: DatabaseProxy = {
    port: proxyPort,
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
