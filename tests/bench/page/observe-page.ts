/** Long tasks of a page, and the number of tokens displayed in its answer over time. */
import type { CDPSession, Page } from '@playwright/test';

export type Sample = { at: number; tokens: number };
type Measurements = { tasks: number[]; samples: Sample[] };
type MeasuredWindow = { measurements: Measurements };

/** Records both in all documents that this page opens from now on. */
export async function observePage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    const samples: Array<{ at: number; tokens: number }> = [];
    Object.assign(window, { measurements: { tasks, samples } });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ entryTypes: ['longtask'] });
    setInterval(() => {
      const text = document.querySelector('article[aria-label="Assistant"]')?.textContent ?? '';
      samples.push({ at: Date.now(), tokens: text.match(/t\d+/g)?.length ?? 0 });
    }, 100);
  });
}

/** Resolves once `tokens` tokens are displayed; polls less often than the page takes samples. */
export async function waitUntilDisplayed(page: Page, tokens: number): Promise<void> {
  await page.waitForFunction(
    (count) => {
      const { measurements } = window as unknown as MeasuredWindow;
      return (measurements.samples.at(-1)?.tokens ?? 0) >= count;
    },
    tokens,
    { polling: 200, timeout: 120_000 },
  );
}

export function readMeasurements(page: Page): Promise<Measurements> {
  return page.evaluate(() => (window as unknown as MeasuredWindow).measurements);
}

export function resetLongTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    (window as unknown as MeasuredWindow).measurements.tasks.length = 0;
  });
}

/** Opens a CDP session that can throttle the page's CPU and read its main thread's CPU time. */
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
