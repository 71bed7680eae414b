import { readVariable } from '@/lib/server/config/read-variable';
import type { Config } from '@/lib/server/config/types';
import { portError } from '../lib/ports';
import { UserError } from '../lib/steps';

export type ListenAddress = {
  /** What to listen on. */
  host: string;
  port: number;
  /** The address for a browser on this machine. */
  url: string;
  /** `host:port` that reaches it from here. */
  localAddress: string;
  /** True where other machines cannot reach it. */
  isLoopback: boolean;
};

/**
 * Where to listen. A port that somebody asked for is that one or none; the usual one gives way to
 * the next that is free.
 * @throws Problem that says how to choose another
 */
export async function chooseListenAddress(config: Config): Promise<ListenAddress> {
  const host = config.listen.host ?? '127.0.0.1';
  const preferredPort = config.listen.port;
  const isExplicit = readVariable(process.env, 'PORT') !== null;
  for (let port = preferredPort; port < preferredPort + 20 && port <= 65_535; port++) {
    const problem = await portError(port, host);
    if (problem === null) return toListenAddress(host, port);
    if (problem !== 'EADDRINUSE' || isExplicit)
      throw new UserError(explainPortError(problem, host, port));
  }
  throw new UserError(explainPortError('EADDRINUSE', host, preferredPort));
}

function explainPortError(problem: string, host: string, port: number): string {
  if (problem === 'EADDRINUSE') {
    return `Port ${port} is taken by another program. Choose another one:\n  PORT=${port + 1} npm start`;
  }
  if (problem === 'EACCES') {
    return `Port ${port} needs more rights than this user has. Choose one above 1023:\n  PORT=3000 npm start`;
  }
  return `Cannot listen on ${host}, which HOSTNAME asks for (${problem}). To listen everywhere:\n  HOSTNAME=0.0.0.0 npm start`;
}

function toListenAddress(host: string, port: number): ListenAddress {
  const everywhere = host === '0.0.0.0' || host === '::';
  const loopback = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  const literal = host.includes(':') ? `[${host}]` : host;
  return {
    host,
    port,
    url: `http://${everywhere || loopback ? 'localhost' : literal}:${port}`,
    localAddress: `${everywhere ? '127.0.0.1' : literal}:${port}`,
    isLoopback: loopback,
  };
}
