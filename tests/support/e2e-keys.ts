import type { Page } from '@playwright/test';
import { expect } from '@/tests/support/e2e';

type Watched = Window & { keys: number[] };

/**
 * Has all pages that are opened from now on note how long a person waits to see each letter: from
 * the press, as the browser saw it, until the page has drawn the frame with it. The compositor's share
 * is not in it: a browser without a screen tells Event Timing of a shown frame only with a later
 * one, after seconds or never.
 */
export async function watchKeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const keys: number[] = [];
    Object.assign(window, { keys });
    let drawing: number[] = [];
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => {
      for (const at of drawing) keys.push(performance.now() - at);
      drawing = [];
    };
    const onPress = ({ key, timeStamp }: KeyboardEvent) => {
      if (key.length > 1) return;
      // Before the frame is drawn, and as the next task after it.
      requestAnimationFrame(() => {
        drawing.push(timeStamp);
        drawn.port2.postMessage(null);
      });
    };
    addEventListener('keydown', onPress, true);
  });
}

/**
 * How long the letters typed since the last time took to be drawn, in whole ms. Waits for the last one.
 * @param typed how many there were
 * @returns the quickest first
 */
export async function keyTimes(page: Page, typed: number): Promise<number[]> {
  const count = () => page.evaluate(() => (window as unknown as Watched).keys.length);
  await expect.poll(count).toBe(typed);
  const times = await page.evaluate(() => (window as unknown as Watched).keys.splice(0));
  return times.map(Math.ceil).sort((a, b) => a - b);
}
