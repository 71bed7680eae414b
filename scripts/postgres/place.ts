import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../lib/steps';
import { type Account, canReach, chooseAccount } from './account';
import { type Binaries, copyBinaries, findBinaries, program } from './binaries';
import type { Site } from './cluster';

/** Where root keeps what another account must reach. */
const SYSTEM_HOME = '/var/lib/throughline';

/**
 * The place of the database of `stateDir` (a folder of ours that is there): its `postgres` folder.
 *
 * Run as root inside a folder that only root may enter (`/root/...`), PostgreSQL's own account could
 * reach neither programs nor data. Then both go below /var/lib/throughline, and `postgres` is a
 * symbolic link to there.
 */
export async function placeCluster(stateDir: string): Promise<Site> {
  const home = path.join(stateDir, 'postgres');
  const installed = await findBinaries();
  const account = await chooseAccount(home);
  const logFile = path.join(stateDir, 'postgres.log');
  let dataDir = linkTarget(home) ?? home;
  if (account && !canReach(account, path.dirname(dataDir))) {
    if (existsSync(dataDir)) {
      throw new Problem(
        `PostgreSQL cannot run as root, and the user that owns its data (uid ${account.uid}) cannot enter ${path.dirname(dataDir)}. Start as the user who started before, or move the project.`,
      );
    }
    dataDir = path.join(SYSTEM_HOME, randomBytes(4).toString('hex'), 'postgres');
    makeOpen(path.dirname(dataDir));
    symlinkSync(dataDir, home);
  }
  return { dataDir, logFile, binaries: await reachable(account, installed), account };
}

/** The programs, or a copy of them where the account cannot run them in their place. */
export async function reachable(account: Account | null, installed: Binaries): Promise<Binaries> {
  if (!account || canReach(account, program(installed, 'postgres'))) return installed;
  makeOpen(SYSTEM_HOME);
  return copyBinaries(installed, path.join(SYSTEM_HOME, `postgresql-${installed.version}`));
}

/** A folder that others may enter, whatever our umask. */
function makeOpen(folder: string): void {
  if (folder.startsWith(`${SYSTEM_HOME}/`)) makeOpen(path.dirname(folder));
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
