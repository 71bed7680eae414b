import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';
import { expect } from '@/tests/support/e2e/fixtures';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules whose results depend on colors; all others give the same result in both themes. */
const COLOR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * Expects no accessibility violations: checks all rules in the light theme, and the color rules in
 * the dark theme too. The page is left in the light theme. Previews are not checked: their content
 * comes from the model.
 * @param selector selects the elements to check
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
  // Injected once per page: it is half a megabyte.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  // Measure the final colors, not those of a running transition. An animation may stay unfinished
  // while the browser draws no frames.
  await page.evaluate(() =>
    Promise.race([
      new Promise((resolve) => setTimeout(resolve, 10_000)),
      Promise.all(
        document
          .getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
          .map(({ finished }) => finished.catch(() => {})),
      ),
    ]),
  );
  return await page.evaluate(
    async ([include, only]) => {
      const { axe: axeCore } = window as unknown as { axe: typeof axe };
      const found = await axeCore.run(
        { include, exclude: '[data-document-panel] iframe' },
        { iframes: false, resultTypes: ['violations'], ...(only && { runOnly: only }) },
      );
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
    },
    [selector, runOnly] as const,
  );
}
