import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from '@/tests/support/e2e';
import { requestFor } from '@/tests/support/e2e-chat';
import { numberedMarkdown } from '@/tests/support/model-server/numbered-markdown';

/** Bounds for a busy machine with two cores; what a quiet one does is far below. */
const LONGEST_TASK_MS = 350;
const MIDDLE_LAG_MS = 300;
const LAST_LAG_MS = 1_200;

const RATE = 200;
const SCENARIO = `prose n=2000 rate=${RATE}`;

// A trace draws the page anew for itself, again and again.
test.use({ trace: 'off' });

type Sample = { at: number; tokens: number };

test('on a slow computer a fast answer of 2,000 tokens is shown as it comes, and the page stays usable', async ({
  chat,
  page,
  model,
}, testInfo) => {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    const samples: Sample[] = [];
    Object.assign(window, { measured: { tasks, samples } });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ entryTypes: ['longtask'] });
    setInterval(() => {
      const text = document.querySelector('article[aria-label="Assistant"]')?.textContent ?? '';
      samples.push({ at: Date.now(), tokens: text.match(/t\d+/g)?.length ?? 0 });
    }, 100);
  });
  await chat.open();
  const cdp = await page.context().newCDPSession(page);
  // Work in processor time: whatever else the machine does, it is the same.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await workOf(cdp);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.evaluate(() => {
    const { measured } = window as unknown as { measured: { tasks: number[] } };
    measured.tasks.length = 0;
  });
  await chat.ask(`As fast as you can [[scenario:${SCENARIO}]]`);
  await shown(page, 1_000);
  // Typing meanwhile.
  await chat.field.pressSequentially('Still here');
  await expect(chat.field).toHaveValue('Still here');
  await shown(page, 2_000);
  const { tasks, samples } = await page.evaluate(
    () => (window as unknown as { measured: { tasks: number[]; samples: Sample[] } }).measured,
  );
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const workMs = (await workOf(cdp)) - before;

  const startedAt = requestFor(model, SCENARIO)?.startedAt ?? 0;
  const lags = lagsOf(samples, startedAt);
  const longest = Math.max(0, ...tasks);
  const middle = lags[Math.floor(lags.length / 2)] ?? Number.NaN;
  const last = lags.at(-1) ?? Number.NaN;
  const report = [
    `${workMs.toFixed(0)} ms of work`,
    `longest task ${longest.toFixed(0)} ms`,
    `${tasks.length} tasks over 50 ms, ${tasks.reduce((sum, task) => sum + task, 0).toFixed(0)} ms in all`,
    `text behind the model by ${middle.toFixed(0)} ms, at worst ${last.toFixed(0)} ms`,
  ].join('; ');
  testInfo.annotations.push({ type: 'measured', description: report });
  process.stdout.write(`  2,000 tokens at ${RATE}/s, CPU 4 times slower: ${report}\n`);
  expect(samples.length).toBeGreaterThan(20);
  expect(longest).toBeLessThan(LONGEST_TASK_MS);
  expect(middle).toBeLessThan(MIDDLE_LAG_MS);
  expect(last).toBeLessThan(LAST_LAG_MS);
});

/** Processor time of the page's main thread so far, in ms. */
async function workOf(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

/** Waits until so many tokens are shown, without looking at the page more than it does itself. */
async function shown(page: Page, tokens: number): Promise<void> {
  await page.waitForFunction(
    (count) => {
      const { measured } = window as unknown as { measured: { samples: Sample[] } };
      return (measured.samples.at(-1)?.tokens ?? 0) >= count;
    },
    tokens,
    { polling: 200, timeout: 30_000 },
  );
}

/** How long before each sample the model had said the first token that was not shown in it, sorted. */
function lagsOf(samples: Sample[], startedAt: number): number[] {
  const saidAtMs: number[] = [];
  for (const [index, piece] of numberedMarkdown(2000).entries()) {
    for (const _ of piece.match(/t\d+/g) ?? []) saidAtMs.push((index * 1000) / RATE);
  }
  return samples
    .filter(({ at, tokens }) => at >= startedAt && tokens < saidAtMs.length)
    .map(({ at, tokens }) => Math.max(0, at - startedAt - (saidAtMs[tokens] as number)))
    .sort((a, b) => a - b);
}
