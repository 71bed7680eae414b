import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Folders that hold programs and are missing from many a user's PATH. */
const EXTRA_FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/opt/homebrew/bin'];

/** The first program of that name on the PATH; null where there is none. */
export function findProgram(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  for (const folder of [...folders, ...EXTRA_FOLDERS]) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return null;
}
