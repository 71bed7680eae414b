import { spawnSync } from 'node:child_process';
import { findProgram } from '../lib/find-program';
import { PROJECT } from '../lib/paths';
import { print, UserError } from '../lib/steps';
import { findChromium, HEADLESS_SHELL } from './find-chromium';
import { findRedis } from './find-redis';

/**
 * Ensures that Chromium and Redis, which the tests need besides Node, are installed. Installs what
 * is missing if that needs no consent: by apt as root on Debian, else Playwright's own Chromium in
 * the user's cache.
 * @returns the path of Chromium
 * @throws UserError with the command to run if something is still missing
 */
export function ensureTools(): string {
  if (!process.env.CHROMIUM_PATH && !findProgram(HEADLESS_SHELL)) installWithApt(HEADLESS_SHELL);
  if (!findChromium()) installChromium();
  if (!findRedis()) installWithApt('redis-server');
  const chromium = findChromium();
  const missing = [...(chromium ? [] : ['chromium']), ...(findRedis() ? [] : ['redis-server'])];
  if (!chromium || missing.length > 0) throw new UserError(installInstructions(missing));
  return chromium;
}

function installChromium(): void {
  installWithApt('chromium');
  if (findChromium()) return;
  print('Chromium is missing: Playwright downloads its own.');
  spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'], {
    cwd: PROJECT,
    stdio: 'inherit',
  });
}

function installWithApt(name: string): void {
  const apt = findProgram('apt-get');
  if (!apt || process.getuid?.() !== 0) return;
  print(`${name} is missing: installing Debian's package.`);
  const options = {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const;
  spawnSync(apt, ['update', '-qq'], options);
  spawnSync(apt, ['install', '-y', '-qq', '--no-install-recommends', name], options);
}

function installInstructions(missing: string[]): string {
  const names = missing.join(' and ');
  const need = `The tests need ${names}, which this user cannot install. Run this, then try again:`;
  if (process.platform === 'darwin') {
    const formulas = missing.map((name) => (name === 'redis-server' ? 'redis' : 'chromium'));
    return `${need}\n  brew install ${formulas.join(' ')}`;
  }
  // On Ubuntu, apt's chromium is a snap; Playwright installs the libraries that its own Chromium
  // needs.
  const browser = `npx playwright install --with-deps chromium`;
  if (!findProgram('apt-get')) {
    return `The tests need ${names}: install ${missing.length > 1 ? 'them' : 'it'} with this system's package manager, then try again.`;
  }
  const commands = [
    ...(missing.includes('chromium') ? [browser] : []),
    ...(missing.includes('redis-server') ? ['sudo apt-get install -y redis-server'] : []),
  ];
  return `${need}\n  ${commands.join(' && ')}`;
}
