/** How long a user waits to see each letter that they type. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { formatMs } from '@/tests/bench/format';
import { median, percentile } from '@/tests/bench/stats';

type ObservedWindow = Window & { keys: number[] };

/**
 * Has all documents that this page opens from now on record each key: from the press, as the browser
 * saw it, until the page has drawn the frame with the letter. The compositor's share is not included:
 * headless Chromium reports the presentation of a frame to Event Timing only with a later one.
 */
export async function observeKeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const keys: number[] = [];
    Object.assign(window, { keys });
    let pending: number[] = [];
    const paintChannel = new MessageChannel();
    paintChannel.port1.onmessage = () => {
      for (const at of pending) keys.push(performance.now() - at);
      pending = [];
    };
    const onPress = ({ key, timeStamp }: KeyboardEvent) => {
      if (key.length > 1) return;
      // Runs before the frame is drawn; the message is the next task after it.
      requestAnimationFrame(() => {
        pending.push(timeStamp);
        paintChannel.port2.postMessage(null);
      });
    };
    addEventListener('keydown', onPress, true);
  });
}

/** Types a text into what has the focus. @returns milliseconds of each of its keys */
export async function typeAndTime(page: Page, text: string, delayMs: number): Promise<number[]> {
  await collectTimes(page, 0);
  await page.keyboard.type(text, { delay: delayMs });
  return await collectTimes(page, text.length);
}

async function collectTimes(page: Page, atLeast: number): Promise<number[]> {
  const count = () => page.evaluate(() => (window as unknown as ObservedWindow).keys.length);
  while ((await count()) < atLeast) await sleep(20);
  return await page.evaluate(() => (window as unknown as ObservedWindow).keys.splice(0));
}

/** The control: the same browser, a page with nothing but a text field. */
export async function typeIntoControlPage(page: Page, text: string): Promise<number[]> {
  await observeKeys(page);
  await page.goto('data:text/html,<textarea autofocus></textarea>');
  await page.locator('textarea').focus();
  const times = await typeAndTime(page, text, 30);
  await page.close();
  return times;
}

export function keySpread(times: number[]): string {
  return `p50 ${formatMs(median(times))}, p95 ${formatMs(percentile(times, 0.95))}, slowest ${formatMs(Math.max(...times))}`;
}
