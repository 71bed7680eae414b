import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what Linux and macOS give to outgoing connections: one of those could take a port between the
 * moment it is chosen and the moment somebody listens there, or while a server is started anew.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const MAX_ATTEMPTS = 50;

/**
 * A port of 127.0.0.1 that nobody listens on right now.
 * @throws Error where none is found
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if ((await portError(port, '127.0.0.1')) === null) return port;
  }
  throw new Error(`No port of 127.0.0.1 between ${FIRST_PORT} and ${LAST_PORT} is free.`);
}

/** Why a server cannot listen there (`EADDRINUSE`, `EACCES`, `ENOTFOUND`, ...); null where it can. */
export function portError(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
