import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { findProgram } from '../lib/find-program';

/** Debian's package of the Chromium that never has a window: its tests take a third less time. */
export const HEADLESS_SHELL = 'chromium-headless-shell';

/** A Chromium that starts: CHROMIUM_PATH, the system's, or Playwright's own; null without one. */
export function findChromium(): string | null {
  const candidates = [
    process.env.CHROMIUM_PATH,
    findProgram(HEADLESS_SHELL),
    findProgram('chromium'),
    findProgram('chromium-browser'),
    findProgram('google-chrome-stable'),
    chromium.executablePath(),
  ];
  return candidates.find((file) => file && existsSync(file) && starts(file)) ?? null;
}

/** Ubuntu's `chromium` may be a mere hint at a snap; Playwright's own may lack libraries. */
function starts(file: string): boolean {
  return spawnSync(file, ['--version'], { timeout: 20_000 }).status === 0;
}
