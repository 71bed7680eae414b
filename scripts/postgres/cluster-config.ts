import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../lib/steps';
import { type Binaries, copyBinaries, findBinaries, programPath } from './binaries';
import type { ClusterConfig } from './cluster';
import { canReach, chooseSystemUser, type SystemUser } from './system-user';

/** Where root stores files that another system user must reach. */
const SYSTEM_HOME = '/var/lib/throughline';

/**
 * Returns the configuration of the database in the `postgres` folder of `stateDir`, which must
 * exist.
 *
 * Run as root inside a folder that only root may enter (`/root/...`), PostgreSQL's own user could
 * reach neither programs nor data. Then both are stored below /var/lib/throughline, and `postgres`
 * is a symbolic link to there.
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
        `PostgreSQL cannot run as root, and the user that owns its data (uid ${systemUser.uid}) cannot enter ${path.dirname(dataDir)}. Start as the user that started it before, or move the project.`,
      );
    }
    dataDir = path.join(SYSTEM_HOME, randomBytes(4).toString('hex'), 'postgres');
    makeTraversable(path.dirname(dataDir));
    symlinkSync(dataDir, home);
  }
  return { dataDir, logFile, binaries: await ensureReachable(systemUser, installed), systemUser };
}

/** Returns the programs, or a copy of them if the user cannot run the installed ones. */
export async function ensureReachable(
  systemUser: SystemUser | null,
  installed: Binaries,
): Promise<Binaries> {
  if (!systemUser || canReach(systemUser, programPath(installed, 'postgres'))) return installed;
  makeTraversable(SYSTEM_HOME);
  return copyBinaries(installed, path.join(SYSTEM_HOME, `postgresql-${installed.version}`));
}

/** Creates a folder that other users may enter, whatever the umask. */
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
