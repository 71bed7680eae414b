import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { findProgram } from '../lib/find-program';

/** Debian's package of a Chromium without windows: the tests take a third less time with it. */
export const HEADLESS_SHELL = 'chromium-headless-shell';

/**
 * Finds a Chromium that starts: CHROMIUM_PATH, the system's, or Playwright's own; null without one.
 */
export function findChromium(): string | null {
  const candidates = [
    process.env.CHROMIUM_PATH,
    findProgram(HEADLESS_SHELL),
    findProgram('chromium'),
    findProgram('chromium-browser'),
    findProgram('google-chrome-stable'),
    chromium.executablePath(),
  ];
  return candidates.find((file) => file && existsSync(file) && canStart(file)) ?? null;
}

/** Ubuntu's `chromium` may only point to a snap; Playwright's own may lack libraries. */
function canStart(file: string): boolean {
  return spawnSync(file, ['--version'], { timeout: 20_000 }).status === 0;
}
