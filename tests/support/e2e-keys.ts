import type { Page } from '@playwright/test';

/** The browser tells of single keys that took this long, in ms, until they could be seen. */
const TOLD_MS = 16;

type Watched = Window & { keys: number[] };

/** Has all pages that are opened from now on note how long each key takes. */
export async function watchKeys(page: Page): Promise<void> {
  await page.addInitScript((durationThreshold) => {
    const keys: number[] = [];
    Object.assign(window, { keys });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries())
        if (name === 'keydown') keys.push(duration);
    }).observe({ type: 'event', durationThreshold } as PerformanceObserverInit);
  }, TOLD_MS);
}

/**
 * Until keys could be seen, in ms; one that took less is told as TOLD_MS. Those since the last time.
 * @param typed how many there were
 * @returns the quickest first
 */
export async function keyTimes(page: Page, typed: number): Promise<number[]> {
  const told = await page.evaluate(() => (window as unknown as Watched).keys.splice(0));
  const rest = Array<number>(Math.max(0, typed - told.length)).fill(TOLD_MS);
  return [...told, ...rest].sort((a, b) => a - b);
}
