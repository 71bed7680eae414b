import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../lib/steps';
import { type Binaries, copyBinaries, findBinaries, programPath } from './binaries';
import type { ClusterConfig } from './cluster';
import { canReach, chooseSystemUser, type SystemUser } from './system-user';

/** Where root keeps what another account must reach. */
const SYSTEM_HOME = '/var/lib/throughline';

/**
 * The place of the database of `stateDir` (a folder of ours that is there): its `postgres` folder.
 *
 * Run as root inside a folder that only root may enter (`/root/...`), PostgreSQL's own account could
 * reach neither programs nor data. Then both go below /var/lib/throughline, and `postgres` is a
 * symbolic link to there.
 */
export async function resolveClusterConfig(stateDir: string): Promise<ClusterConfig> {
  const home = path.join(stateDir, 'postgres');
  const installed = await findBinaries();
  const systemUser = await chooseSystemUser(home);
  const logFile = path.join(stateDir, 'postgres.log');
  let dataDir = linkTarget(home) ?? home;
  if (systemUser && !canReach(systemUser, path.dirname(dataDir))) {
    if (existsSync(dataDir)) {
      throw new UserError(
        `PostgreSQL cannot run as root, and the user that owns its data (uid ${systemUser.uid}) cannot enter ${path.dirname(dataDir)}. Start as the user who started before, or move the project.`,
      );
    }
    dataDir = path.join(SYSTEM_HOME, randomBytes(4).toString('hex'), 'postgres');
    makeTraversable(path.dirname(dataDir));
    symlinkSync(dataDir, home);
  }
  return { dataDir, logFile, binaries: await ensureReachable(systemUser, installed), systemUser };
}

/** The programs, or a copy of them where the account cannot run them in their place. */
export async function ensureReachable(
  systemUser: SystemUser | null,
  installed: Binaries,
): Promise<Binaries> {
  if (!systemUser || canReach(systemUser, programPath(installed, 'postgres'))) return installed;
  makeTraversable(SYSTEM_HOME);
  return copyBinaries(installed, path.join(SYSTEM_HOME, `postgresql-${installed.version}`));
}

/** A folder that others may enter, whatever our umask. */
function makeTraversable(folder: string): void {
  if (folder.startsWith(`${SYSTEM_HOME}/`)) makeTraversable(path.dirname(folder));
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}

function linkTarget(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
