/** Long tasks of a page, and how many numbered tokens its newest answer shows over time. */
import type { CDPSession, Page } from '@playwright/test';

export type Sample = { at: number; tokens: number };
type Measured = { tasks: number[]; samples: Sample[] };

/** Has all documents that this page opens from now on record both. */
export async function observePage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    const samples: Array<{ at: number; tokens: number }> = [];
    Object.assign(window, { measured: { tasks, samples } });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ entryTypes: ['longtask'] });
    setInterval(() => {
      const text = document.querySelector('article[aria-label="Assistant"]')?.textContent ?? '';
      samples.push({ at: Date.now(), tokens: text.match(/t\d+/g)?.length ?? 0 });
    }, 100);
  });
}

/** Resolves once so many tokens are shown; looks no more often than the page itself does. */
export async function waitUntilDisplayed(page: Page, tokens: number): Promise<void> {
  await page.waitForFunction(
    (count) => {
      const { readMeasurements } = window as unknown as { readMeasurements: Measured };
      return (readMeasurements.samples.at(-1)?.tokens ?? 0) >= count;
    },
    tokens,
    { polling: 200, timeout: 120_000 },
  );
}

export function readMeasurements(page: Page): Promise<Measured> {
  return page.evaluate(
    () => (window as unknown as { readMeasurements: Measured }).readMeasurements,
  );
}

export function resetLongTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    (window as unknown as { readMeasurements: Measured }).readMeasurements.tasks.length = 0;
  });
}

/** A session that throttles the page's CPU, and reads its main thread's CPU time. */
export async function cpuSession(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return cdp;
}

/** CPU time of the page's main thread so far, in milliseconds. */
export async function mainThreadMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}
