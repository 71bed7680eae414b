import type { Page } from '@playwright/test';
import { createGate } from '@/tests/support/gate';

/**
 * Holds the page's requests to these URLs, or only those of one method. Returns the function that
 * releases them.
 */
export async function holdRequests(page: Page, url: RegExp, method?: string): Promise<() => void> {
  const gate = createGate();
  await page.route(url, async (route) => {
    if (method === undefined || route.request().method() === method) await gate.opened;
    await route.continue();
  });
  return gate.open;
}
