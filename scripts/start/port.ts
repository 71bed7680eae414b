import { readVariable } from '@/lib/config/read-variable';
import type { Config } from '@/lib/config/types';
import { portProblem } from '../lib/ports';
import { Problem } from '../lib/steps';

export type Place = {
  /** What to listen on. */
  host: string;
  port: number;
  /** The address for a browser on this machine. */
  url: string;
  /** `host:port` that reaches it from here. */
  reach: string;
  /** True where other machines cannot reach it. */
  local: boolean;
};

/**
 * Where to listen. A port that somebody asked for is that one or none; the usual one gives way to
 * the next that is free.
 * @throws Problem that says how to choose another
 */
export async function choosePlace(config: Config): Promise<Place> {
  const host = config.listen.host ?? '127.0.0.1';
  const wanted = config.listen.port;
  const asked = readVariable(process.env, 'PORT') !== null;
  for (let port = wanted; port < wanted + 20 && port <= 65_535; port++) {
    const problem = await portProblem(port, host);
    if (problem === null) return placeAt(host, port);
    if (problem !== 'EADDRINUSE' || asked) throw new Problem(explain(problem, host, port));
  }
  throw new Problem(explain('EADDRINUSE', host, wanted));
}

function explain(problem: string, host: string, port: number): string {
  if (problem === 'EADDRINUSE') {
    return `Port ${port} is taken by another program. Choose another one:\n  PORT=${port + 1} npm start`;
  }
  if (problem === 'EACCES') {
    return `Port ${port} needs more rights than this user has. Choose one above 1023:\n  PORT=3000 npm start`;
  }
  return `Cannot listen on ${host}, which HOSTNAME asks for (${problem}). To listen everywhere:\n  HOSTNAME=0.0.0.0 npm start`;
}

function placeAt(host: string, port: number): Place {
  const everywhere = host === '0.0.0.0' || host === '::';
  const loopback = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  const literal = host.includes(':') ? `[${host}]` : host;
  return {
    host,
    port,
    url: `http://${everywhere || loopback ? 'localhost' : literal}:${port}`,
    reach: `${everywhere ? '127.0.0.1' : literal}:${port}`,
    local: loopback,
  };
}
