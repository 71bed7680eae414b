import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './paths';

/** Of an error of the operating system; each may be missing. */
export type SystemError = { code?: string; path?: string; syscall?: string; dest?: string };

/**
 * What to do where the operating system refused to write a file: no rights, no space, a read-only file
 * system. Null for other errors.
 */
export function explainFileError(error: SystemError): string | null {
  const { code, syscall } = error;
  const file = error.dest ?? error.path ?? null;
  const place = file ?? 'A file';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      if (syscall === 'kill') {
        return 'A process that an earlier start left running belongs to another user. Start Throughline as that user, or end the process as that user.';
      }
      return file === null ? null : `${whyForbidden(file)}\n${HOW_TO_OWN}`;
    case 'EROFS':
      return `${place} is on a read-only file system. Start Throughline from a copy of its folder on a disk that can be written, or as a container (docker compose up).`;
    case 'ENOSPC':
      return `${place} cannot be written, because the disk is full. Free some space, then start again.`;
    case 'EDQUOT':
      return `${place} cannot be written, because this user’s disk quota is used up. Free some space, then start again.`;
    default:
      return null;
  }
}

const HOW_TO_OWN = `Start Throughline as the user that owns its folder, start it from a copy of yours, or make the folder yours:\n  sudo chown -R "$(id -un)" ${PROJECT}`;

function whyForbidden(file: string): string {
  const uid = process.getuid?.();
  const owner = statSync(nearest(file), { throwIfNoEntry: false })?.uid;
  const foreign = owner !== undefined && uid !== undefined && owner !== uid;
  return foreign
    ? `${file} belongs to another user (uid ${owner}), and this one (uid ${uid}) may not use it.`
    : `${file} may not be used by this user: its permissions forbid it.`;
}

/** The file itself, or the nearest folder above it that is there: that one is asked for a new file. */
function nearest(file: string): string {
  return existsSync(file) || path.dirname(file) === file ? file : nearest(path.dirname(file));
}

/** How programs other than Node tell the errors. */
const IN_WORDS: Record<string, string> = {
  'No space left on device': 'ENOSPC',
  'Disk quota exceeded': 'EDQUOT',
  'Read-only file system': 'EROFS',
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
};

/**
 * What to do about the refusal that a program's output tells; null where it tells none.
 * @param folder that the program works in, for outputs that name no file
 */
export function explainOutput(output: string, folder: string): string | null {
  const found = /\b(EACCES|EPERM|EROFS|ENOSPC|EDQUOT)\b[^\n']*(?:'([^'\n]+)')?/.exec(output);
  if (found) return explainFileError({ code: found[1], path: found[2] ?? folder });
  const words = Object.keys(IN_WORDS).find((one) => output.includes(one));
  return words ? explainFileError({ code: IN_WORDS[words], path: folder }) : null;
}
