import { chmodSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Root of the checkout, without a trailing slash. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** The project's state on this machine: database, locks, logs. Ignored by git. */
export const STATE_DIR = `${PROJECT}/.throughline`;

/** Folder of the built server. */
export const SERVER_DIR = `${PROJECT}/.next/standalone`;

/**
 * Creates the state folder. PostgreSQL's system user, which may be another one, can pass through
 * it.
 */
export function makeStateDir(): string {
  mkdirSync(STATE_DIR, { recursive: true });
  chmodSync(STATE_DIR, 0o755);
  return STATE_DIR;
}
