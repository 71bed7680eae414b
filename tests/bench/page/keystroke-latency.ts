/** The latency of typed letters, from the key press until the page has rendered them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { formatMs } from '@/tests/bench/format';
import { median, percentile } from '@/tests/bench/stats';

type ObservedWindow = Window & { keyLatencies: number[] };

/**
 * Records each key in all documents that this page opens from now on: from the browser's time stamp
 * of the press until the page has rendered the frame with the letter. The compositor's share is not
 * included: headless Chromium reports a frame's presentation to Event Timing only with a later
 * frame.
 */
export async function observeKeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const keyLatencies: number[] = [];
    Object.assign(window, { keyLatencies });
    let pending: number[] = [];
    const paintChannel = new MessageChannel();
    paintChannel.port1.onmessage = () => {
      for (const at of pending) keyLatencies.push(performance.now() - at);
      pending = [];
    };
    const onPress = ({ key, timeStamp }: KeyboardEvent) => {
      if (key.length > 1) return;
      // Runs before the frame is rendered; the message is the next task after it.
      requestAnimationFrame(() => {
        pending.push(timeStamp);
        paintChannel.port2.postMessage(null);
      });
    };
    addEventListener('keydown', onPress, true);
  });
}

/** Types a text into the focused element. @returns the latency of each key in milliseconds */
export async function typeAndTime(page: Page, text: string, delayMs: number): Promise<number[]> {
  await collectTimes(page, 0);
  await page.keyboard.type(text, { delay: delayMs });
  return await collectTimes(page, text.length);
}

async function collectTimes(page: Page, atLeast: number): Promise<number[]> {
  const count = () =>
    page.evaluate(() => (window as unknown as ObservedWindow).keyLatencies.length);
  while ((await count()) < atLeast) await sleep(20);
  return await page.evaluate(() => (window as unknown as ObservedWindow).keyLatencies.splice(0));
}

/** The control: a page of the same browser with only a text field. */
export async function typeIntoControlPage(page: Page, text: string): Promise<number[]> {
  await observeKeys(page);
  await page.goto('data:text/html,<textarea autofocus></textarea>');
  await page.locator('textarea').focus();
  const times = await typeAndTime(page, text, 30);
  await page.close();
  return times;
}

export function formatKeyTimes(times: number[]): string {
  return `p50 ${formatMs(median(times))}, p95 ${formatMs(percentile(times, 0.95))}, slowest ${formatMs(Math.max(...times))}`;
}
