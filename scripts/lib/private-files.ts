import { fchmodSync, openSync } from 'node:fs';

/** Of files that nobody else may read. */
export const PRIVATE_MODE = 0o600;

/** Opens a file that nobody else may read, also where an earlier version left it open to others. */
export function openPrivate(file: string, flags: 'a' | 'w'): number {
  const descriptor = openSync(file, flags, PRIVATE_MODE);
  fchmodSync(descriptor, PRIVATE_MODE);
  return descriptor;
}
