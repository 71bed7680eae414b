import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';
import { expect } from '@/tests/support/e2e/fixtures';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules whose findings depend on colours; all others find the same in both themes. */
const COLOR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * Looks for broken rules of accessibility: all of them in the light theme, those of colours in the
 * dark one too. The page is left in the light theme. What a preview shows is the model's own.
 * @param selector a selector of what is looked at
 */
export async function expectAccessible(page: Page, selector = 'html'): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page, selector, { type: 'rule', values: COLOR_RULES }), 'dark').toEqual(
    [],
  );
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violations(page, selector), 'light').toEqual([]);
}

async function violations(page: Page, selector: string, runOnly?: axe.RunOnly): Promise<string[]> {
  // Once a page: half a megabyte.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  // Colours are measured as they are, not while they fade in.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map(({ finished }) => finished.catch(() => {})),
    ),
  );
  return await page.evaluate(
    async ([include, only]) => {
      const { axe: axeCore } = window as unknown as { axe: typeof axe };
      const found = await axeCore.run(
        { include, exclude: '[data-artifact] iframe' },
        { iframes: false, resultTypes: ['violations'], ...(only && { runOnly: only }) },
      );
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
    },
    [selector, runOnly] as const,
  );
}
