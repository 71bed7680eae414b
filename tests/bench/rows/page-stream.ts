/** A fast answer on a slow computer: the load of the main thread, and the lag behind the model. */
import http from 'node:http';
import type { Page } from '@playwright/test';
import { formatMs } from '@/tests/bench/format';
import { withPage } from '@/tests/bench/page/bench-page';
import {
  cpuSession,
  mainThreadMs,
  observePage,
  readMeasurements,
  resetLongTasks,
  type Sample,
  waitUntilDisplayed,
} from '@/tests/bench/page/observe-page';
import type { Benchmark, Row } from '@/tests/bench/row';
import { median } from '@/tests/bench/stats';
import { findAnswerRequest } from '@/tests/support/e2e/chat-page';
import { listen } from '@/tests/support/listen';
import { numberedMarkdown } from '@/tests/support/model-server/numbered-markdown';

const TOKENS = 2_000;
const RATE = 200;
const SCENARIO = `prose n=${TOKENS} rate=${RATE}`;
const SLOWDOWN = 4;
const LONGEST_TASK_BUDGET_MS = 50;
const LAG_BUDGET_MS = 250;
const chunks = numberedMarkdown(TOKENS);

export const pageStream: Benchmark = {
  names: ['page-stream'],
  run: (environment) =>
    withPage(environment, async ({ page, chat, model, blankPage }) => {
      const control = await measureControl(await blankPage());
      await observePage(page);
      await chat.open();
      const figures = await measure(page, async () => {
        await chat.sendMessage(`As fast as you can [[scenario:${SCENARIO}]]`);
        return () => findAnswerRequest(model, SCENARIO)?.startedAt ?? Number.NaN;
      });
      return buildRows(control, figures);
    }),
};

type Figures = { cpuMs: number; longestMs: number; longMs: number; lags: number[] };

/**
 * @param start starts the answer and returns a function for the time at which the source started
 */
async function measure(page: Page, start: () => Promise<() => number>): Promise<Figures> {
  const cdp = await cpuSession(page);
  await resetLongTasks(page);
  const before = await mainThreadMs(cdp);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  const startedAt = await start();
  await waitUntilDisplayed(page, TOKENS);
  const { tasks, samples } = await readMeasurements(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return {
    cpuMs: (await mainThreadMs(cdp)) - before,
    longestMs: Math.max(0, ...tasks),
    longMs: tasks.reduce((sum, task) => sum + task, 0),
    lags: computeLags(samples, startedAt()),
  };
}

/** The control: the same chunks at the same rate, appended to a `<pre>` on arrival. */
async function measureControl(page: Page): Promise<Figures> {
  let startedAt = Number.NaN;
  const server = http.createServer((request, response) => {
    if (request.url !== '/stream') {
      response.setHeader('content-type', 'text/html').end('<article aria-label="Assistant"><pre>');
      return;
    }
    startedAt = Date.now();
    let sent = 0;
    const timer = setInterval(() => {
      const due = Math.min(chunks.length, Math.ceil(((Date.now() - startedAt) * RATE) / 1000));
      response.write(chunks.slice(sent, due).join(''));
      sent = due;
      if (sent < chunks.length) return;
      clearInterval(timer);
      response.end();
    }, 20);
  });
  const port = await listen(server);
  await observePage(page);
  await page.goto(`http://127.0.0.1:${port}/`);
  const figures = await measure(page, async () => {
    await page.evaluate(() => {
      void (async () => {
        const { body } = await fetch('/stream');
        const reader = (body as ReadableStream<Uint8Array>).getReader();
        const decoder = new TextDecoder();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          document.querySelector('pre')?.append(decoder.decode(value, { stream: true }));
        }
      })();
    });
    return () => startedAt;
  });
  await page.close();
  server.close();
  return figures;
}

/** For each sample, milliseconds since the source sent the first token not displayed yet. */
function computeLags(samples: Sample[], startedAt: number): number[] {
  const sentAtMs: number[] = [];
  for (const [index, chunk] of chunks.entries()) {
    for (const _ of chunk.match(/t\d+/g) ?? []) sentAtMs.push((index * 1000) / RATE);
  }
  return samples
    .filter(({ at, tokens }) => at >= startedAt && tokens < sentAtMs.length)
    .map(({ at, tokens }) => Math.max(0, at - startedAt - (sentAtMs[tokens] as number)));
}

function buildRows(control: Figures, measured: Figures): Row[] {
  const prefix = `page, CPU ${SLOWDOWN} times slower, ${TOKENS} tokens of Markdown at ${RATE}/s`;
  const formatLoad = ({ cpuMs, longestMs, longMs }: Figures) =>
    `longest task ${formatMs(longestMs)}, long tasks ${formatMs(longMs)}, CPU ${formatMs(cpuMs)}`;
  const formatLag = ({ lags }: Figures) =>
    `p50 ${formatMs(median(lags))}, most ${formatMs(Math.max(...lags))}`;
  return [
    {
      label: `${prefix}: main thread`,
      control: formatLoad(control),
      measured: formatLoad(measured),
      budget: `longest task ≤ ${LONGEST_TASK_BUDGET_MS} ms, no long tasks`,
      within: measured.longestMs <= LONGEST_TASK_BUDGET_MS,
    },
    {
      label: `${prefix}: text behind the model`,
      control: formatLag(control),
      measured: formatLag(measured),
      budget: `p50 ≤ ${LAG_BUDGET_MS} ms`,
      within: median(measured.lags) <= LAG_BUDGET_MS,
    },
  ];
}
