import { readVariable } from '@/lib/server/config/read-variable';
import type { Config } from '@/lib/server/config/types';
import { portError } from '../lib/ports';
import { UserError } from '../lib/steps';

export type ListenAddress = {
  /** Address to listen on. */
  host: string;
  port: number;
  /** URL for a browser on this machine. */
  url: string;
  /** `host:port` for requests from this machine. */
  localAddress: string;
  /** True if other machines cannot reach it. */
  isLoopback: boolean;
};

/**
 * Chooses the address to listen on. An explicit PORT is used or fails; the default port is replaced
 * by the next free one.
 * @throws UserError that says how to choose another address
 */
export async function chooseListenAddress(config: Config): Promise<ListenAddress> {
  const host = config.listen.host ?? '127.0.0.1';
  const preferredPort = config.listen.port;
  const isExplicit = readVariable(process.env, 'PORT') !== null;
  for (let port = preferredPort; port < preferredPort + 20 && port <= 65_535; port++) {
    const errorCode = await portError(port, host);
    if (errorCode === null) return toListenAddress(host, port);
    if (errorCode !== 'EADDRINUSE' || isExplicit)
      throw new UserError(explainPortError(errorCode, host, port));
  }
  throw new UserError(explainPortError('EADDRINUSE', host, preferredPort));
}

function explainPortError(errorCode: string, host: string, port: number): string {
  if (errorCode === 'EADDRINUSE') {
    return `Port ${port} is in use by another program. Choose another one:\n  PORT=${port + 1} npm start`;
  }
  if (errorCode === 'EACCES') {
    return `Port ${port} needs privileges that this user does not have. Choose one above 1023:\n  PORT=3000 npm start`;
  }
  return `Cannot listen on ${host}, the value of HOSTNAME (${errorCode}). To listen on all addresses:\n  HOSTNAME=0.0.0.0 npm start`;
}

function toListenAddress(host: string, port: number): ListenAddress {
  const allInterfaces = host === '0.0.0.0' || host === '::';
  const loopback = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  const literal = host.includes(':') ? `[${host}]` : host;
  return {
    host,
    port,
    url: `http://${allInterfaces || loopback ? 'localhost' : literal}:${port}`,
    localAddress: `${allInterfaces ? '127.0.0.1' : literal}:${port}`,
    isLoopback: loopback,
  };
}
