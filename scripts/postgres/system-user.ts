import { spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';

/** The system user that runs PostgreSQL. */
export type SystemUser = { uid: number; gid: number };

/**
 * Returns the user to run PostgreSQL as; null for the current user. PostgreSQL refuses to run as
 * root, so root uses another user: the owner of existing data, else `postgres`, which is created if
 * missing, else `nobody`.
 */
export async function chooseSystemUser(dataDir: string): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(dataDir).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const existing = findSystemUser('postgres');
  if (existing) return existing;
  spawnSync('useradd', ['--system', '--user-group', '--shell', '/usr/sbin/nologin', 'postgres']);
  return findSystemUser('postgres') ?? findSystemUser('nobody') ?? { uid: 65_534, gid: 65_534 };
}

/** Whether the user can execute or enter `file`, through all folders above it. */
export function canReach(user: SystemUser, file: string): boolean {
  return spawnSync('test', ['-x', file], { ...user, cwd: '/' }).status === 0;
}

function findSystemUser(name: string): SystemUser | null {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : Number.NaN;
  });
  return uid && gid ? { uid, gid } : null;
}
