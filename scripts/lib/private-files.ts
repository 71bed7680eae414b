import { fchmodSync, openSync } from 'node:fs';

/** Mode of files that only their owner may read. */
export const PRIVATE_MODE = 0o600;

/** Opens a file that only its owner may read. Corrects the mode of an existing file. */
export function openPrivate(file: string, flags: 'a' | 'w'): number {
  const descriptor = openSync(file, flags, PRIVATE_MODE);
  fchmodSync(descriptor, PRIVATE_MODE);
  return descriptor;
}
