import { spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';

/** A user of the machine that PostgreSQL runs as. */
export type SystemUser = { uid: number; gid: number };

/**
 * Who PostgreSQL runs as: null for ourselves. It refuses to run as root, so root lends it another
 * user: the owner of the data where there is some, else `postgres`, which is made where it is
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

/** Whether the account can run or enter `file`, through all of the folders above it. */
export function canReach(user: SystemUser, file: string): boolean {
  return spawnSync('test', ['-x', file], { ...user, cwd: '/' }).status === 0;
}

function findSystemUser(name: string): SystemUser | null {
  const [uid, gid] = ['-u', '-g'].map((which) => {
    const { status, stdout } = spawnSync('id', [which, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : Number.NaN;
  });
  return uid && gid ? { uid, gid } : null;
}
