/**
 * A pooler in transaction mode, like PgBouncer: many client connections share a few server
 * connections, each for one transaction at a time. Session state (prepared statements, locks,
 * LISTEN) does not stay with its client. A server message without an assigned client closes that
 * server connection.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from '@/tests/support/listen';

export type TransactionPooler = {
  /** URL of the same database through the pooler. */
  url: string;
  /** Number of open connections to the server. */
  backends(): number;
  stop(): Promise<void>;
};

type Backend = {
  socket: Socket;
  client: Client | null;
  /** The ParameterStatus messages it sent when opened; clients receive them. */
  parameters: Buffer[];
};

type Client = {
  socket: Socket;
  backend: Backend | null;
  /** Messages that wait for a backend. */
  queue: Buffer[];
  /** Number of requests (`Sync`, `Query`) without a ReadyForQuery so far. */
  pending: number;
};

/** @param size maximum number of connections to the server */
export async function startTransactionPooler(
  databaseUrl: string,
  size: number,
): Promise<TransactionPooler> {
  const openBackends = new Set<Backend>();
  const idle: Backend[] = [];
  const waiting: Client[] = [];
  const clients = new Set<Client>();
  let opening = 0;

  async function open(): Promise<void> {
    opening += 1;
    const backend = await openBackend(new URL(databaseUrl)).finally(() => (opening -= 1));
    openBackends.add(backend);
    readMessages(backend.socket, (type, message) => {
      const { client } = backend;
      if (!client) return backend.socket.destroy();
      client.socket.write(message);
      if (type !== 'Z') return;
      client.pending -= 1;
      if (message.at(-1) === 'I'.charCodeAt(0) && client.pending === 0) release(backend);
    });
    backend.socket.once('close', () => {
      openBackends.delete(backend);
      if (idle.includes(backend)) idle.splice(idle.indexOf(backend), 1);
      backend.client?.socket.destroy();
    });
    release(backend);
  }

  function release(backend: Backend): void {
    if (backend.client) backend.client.backend = null;
    backend.client = null;
    const next = waiting.shift();
    if (next) assign(backend, next);
    else idle.push(backend);
  }

  function assign(backend: Backend, client: Client): void {
    backend.client = client;
    client.backend = backend;
    for (const message of client.queue.splice(0)) forward(client, message);
  }

  function forward(client: Client, message: Buffer): void {
    if (message[0] === 'S'.charCodeAt(0) || message[0] === 'Q'.charCodeAt(0)) client.pending += 1;
    client.backend?.socket.write(message);
  }

  function receive(client: Client, type: string, message: Buffer): void {
    if (type === 'X') client.socket.end();
    else if (client.backend) forward(client, message);
    else enqueue(client, message);
  }

  function enqueue(client: Client, message: Buffer): void {
    client.queue.push(message);
    if (client.queue.length > 1) return;
    // The most recently used backend, as in PgBouncer.
    const backend = idle.pop();
    if (backend) assign(backend, client);
    else waiting.push(client);
    if (!backend && openBackends.size + opening < size) void open();
  }

  const first = open();
  const server = createServer({ noDelay: true }, (socket) => {
    const client: Client = { socket, backend: null, queue: [], pending: 0 };
    clients.add(client);
    socket.on('error', () => {});
    socket.once('close', () => {
      clients.delete(client);
      if (waiting.includes(client)) waiting.splice(waiting.indexOf(client), 1);
      // A client that still has a backend is in the middle of a transaction.
      client.backend?.socket.destroy();
    });
    socket.once('data', () => {
      const parameters = [...openBackends][0]?.parameters ?? [];
      socket.write(Buffer.concat([...AUTHENTICATION_OK, ...parameters, backendKey(), READY]));
      readMessages(socket, (type, message) => receive(client, type, message));
    });
  });
  await first;
  const port = await listen(server);
  const url = new URL(databaseUrl);
  url.port = String(port);
  return {
    url: url.href,
    backends: () => openBackends.size,
    async stop() {
      for (const { socket } of [...clients, ...openBackends]) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

const message = (type: string, ...parts: Array<Buffer | string>): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const int32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => {
    bytes.writeInt32BE(value, 4 * index);
  });
  return bytes;
};

/** Every client is accepted: only the pooler authenticates to the server. */
const AUTHENTICATION_OK = [message('R', int32(0))];
const READY = message('Z', 'I');
const backendKey = () => message('K', int32(randomInt(1 << 30), randomInt(1 << 30)));

/** Calls the listener with every complete message. The start-up message must be consumed before. */
function readMessages(socket: Socket, listener: (type: string, message: Buffer) => void): void {
  let buffer = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    buffer = Buffer.concat([buffer, bytes]);
    while (buffer.length >= 5 && buffer.length > buffer.readInt32BE(1)) {
      const length = buffer.readInt32BE(1) + 1;
      const packet = buffer.subarray(0, length);
      buffer = buffer.subarray(length);
      listener(String.fromCharCode(packet[0] as number), packet);
    }
  });
}

/** Opens an authenticated connection (SCRAM-SHA-256). @throws the server's error */
async function openBackend(url: URL): Promise<Backend> {
  const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  const [user, database] = [decodeURIComponent(url.username), url.pathname.slice(1)];
  const start = Buffer.from(`user\0${user}\0database\0${database}\0client_encoding\0UTF8\0\0`);
  socket.write(Buffer.concat([int32(start.length + 8, 196_608), start]));
  const nonce = randomBytes(18).toString('base64');
  const clientFirstBare = `n=*,r=${nonce}`;
  const parameters: Buffer[] = [];
  return new Promise((resolve, reject) => {
    readMessages(socket, (type, bytes) => {
      if (type === 'E') reject(new Error(bytes.toString()));
      if (type === 'S') parameters.push(Buffer.from(bytes));
      if (type === 'R') {
        const kind = bytes.readInt32BE(5);
        const serverData = bytes.subarray(9).toString();
        const clientFirst = `n,,${clientFirstBare}`;
        if (kind === 10) {
          socket.write(message('p', 'SCRAM-SHA-256\0', int32(clientFirst.length), clientFirst));
        }
        if (kind === 11) {
          socket.write(
            message('p', proof(clientFirstBare, serverData, decodeURIComponent(url.password))),
          );
        }
      }
      if (type === 'Z') {
        socket.removeAllListeners('data');
        resolve({ socket, client: null, parameters });
      }
    });
  });
}

/** The client-final-message of SCRAM (RFC 5802). */
function proof(clientFirstBare: string, serverFirst: string, password: string): string {
  const { r, s, i } = Object.fromEntries(
    serverFirst.split(',').map((part) => [part[0], part.slice(2)]),
  );
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const salted = pbkdf2Sync(password, Buffer.from(s ?? '', 'base64'), Number(i), 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  const storedKey = createHash('sha256').update(clientKey).digest();
  const withoutProof = `c=biws,r=${r}`;
  const signature = hmac(storedKey, `${clientFirstBare},${serverFirst},${withoutProof}`);
  const bits = clientKey.map((byte, index) => byte ^ (signature[index] as number));
  return `${withoutProof},p=${Buffer.from(bits).toString('base64')}`;
}
