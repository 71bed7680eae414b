import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ephemeral ports of Linux and macOS: an outbound connection could take a port between
 * its choice and its use, or while a server restarts.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const MAX_ATTEMPTS = 50;

/**
 * Finds a port of 127.0.0.1 on which no program listens.
 * @throws Error without one
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if ((await portError(port, '127.0.0.1')) === null) return port;
  }
  throw new Error(`No port of 127.0.0.1 between ${FIRST_PORT} and ${LAST_PORT} is free.`);
}

/**
 * Returns the error code of listening there (`EADDRINUSE`, `EACCES`, `ENOTFOUND`, ...); null on
 * success.
 */
export function portError(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
