import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './paths';

/** Fields of an operating system error; each may be missing. */
export type SystemError = { code?: string; path?: string; syscall?: string; dest?: string };

/**
 * Explains how to fix an operating system error about a file: no permission, no space, a read-only
 * file system. Null for other errors.
 */
export function explainFileError(error: SystemError): string | null {
  const { code, syscall } = error;
  const file = error.dest ?? error.path ?? null;
  const subject = file ?? 'A file';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      if (syscall === 'kill') {
        return 'A process that an earlier start left running belongs to another user. Start Throughline as that user, or end the process as that user.';
      }
      return file === null ? null : `${describePermissionError(file)}\n${OWNERSHIP_HINT}`;
    case 'EROFS':
      return `${subject} is on a read-only file system. Start Throughline from a copy of its folder on a writable disk, or as a container (docker compose up).`;
    case 'ENOSPC':
      return `${subject} cannot be written, because the disk is full. Free some space, then start again.`;
    case 'EDQUOT':
      return `${subject} cannot be written, because this user’s disk quota is used up. Free some space, then start again.`;
    default:
      return null;
  }
}

const OWNERSHIP_HINT = `Start Throughline as the user that owns its folder, start it from a copy of yours, or make the folder yours:\n  sudo chown -R "$(id -un)" ${PROJECT}`;

function describePermissionError(file: string): string {
  const uid = process.getuid?.();
  const owner = statSync(nearestExisting(file), { throwIfNoEntry: false })?.uid;
  const isOtherUser = owner !== undefined && uid !== undefined && owner !== uid;
  return isOtherUser
    ? `${file} belongs to another user (uid ${owner}), and this one (uid ${uid}) may not use it.`
    : `${file} may not be used by this user: its permissions forbid it.`;
}

/** The file, or its nearest existing folder, whose permissions decide for a new file. */
function nearestExisting(file: string): string {
  return existsSync(file) || path.dirname(file) === file
    ? file
    : nearestExisting(path.dirname(file));
}

/** Texts of programs other than Node for these errors. */
const ERROR_CODES_BY_MESSAGE: Record<string, string> = {
  'No space left on device': 'ENOSPC',
  'Disk quota exceeded': 'EDQUOT',
  'Read-only file system': 'EROFS',
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
};

/**
 * Explains how to fix the operating system error in a program's output; null if it has none.
 * @param folder working folder of the program, for outputs that name no file
 */
export function explainOutput(output: string, folder: string): string | null {
  const match = /\b(EACCES|EPERM|EROFS|ENOSPC|EDQUOT)\b[^\n']*(?:'([^'\n]+)')?/.exec(output);
  if (match) return explainFileError({ code: match[1], path: match[2] ?? folder });
  const message = Object.keys(ERROR_CODES_BY_MESSAGE).find((text) => output.includes(text));
  return message ? explainFileError({ code: ERROR_CODES_BY_MESSAGE[message], path: folder }) : null;
}
