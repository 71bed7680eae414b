import { chmodSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** What the project keeps on this machine: the database, locks, logs. Ignored by git. */
export const STATE_DIR = `${PROJECT}/.throughline`;

/** The server that the build makes. */
export const SERVER_DIR = `${PROJECT}/.next/standalone`;

/** Makes the state folder; PostgreSQL's account, which may be another one, can pass through it. */
export function makeStateDir(): string {
  mkdirSync(STATE_DIR, { recursive: true });
  chmodSync(STATE_DIR, 0o755);
  return STATE_DIR;
}
