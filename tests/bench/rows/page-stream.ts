/** A fast answer on a slow computer: how busy the page is, and how far its text is behind the model. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
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
import { numberedMarkdown } from '@/tests/support/model-server/numbered-markdown';

const TOKENS = 2_000;
const RATE = 200;
const SCENARIO = `prose n=${TOKENS} rate=${RATE}`;
const SLOWDOWN = 4;
const LONGEST_TASK_BUDGET_MS = 50;
const LAG_BUDGET_MS = 250;
const pieces = numberedMarkdown(TOKENS);

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
      return rowsOf(control, figures);
    }),
};

type Figures = { cpuMs: number; longestMs: number; longMs: number; lags: number[] };

/** @param start begins the answer, and gives when its source began */
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
    lags: lagsOf(samples, startedAt()),
  };
}

/** The same pieces at the same rate, appended to a `<pre>` as they arrive. */
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
      const due = Math.min(pieces.length, Math.ceil(((Date.now() - startedAt) * RATE) / 1000));
      response.write(pieces.slice(sent, due).join(''));
      sent = due;
      if (sent < pieces.length) return;
      clearInterval(timer);
      response.end();
    }, 20);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await observePage(page);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
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

/** How long before each sample its source had sent the first token that the page did not show, in ms. */
function lagsOf(samples: Sample[], startedAt: number): number[] {
  const sentAtMs: number[] = [];
  for (const [index, piece] of pieces.entries()) {
    for (const _ of piece.match(/t\d+/g) ?? []) sentAtMs.push((index * 1000) / RATE);
  }
  return samples
    .filter(({ at, tokens }) => at >= startedAt && tokens < sentAtMs.length)
    .map(({ at, tokens }) => Math.max(0, at - startedAt - (sentAtMs[tokens] as number)));
}

function rowsOf(control: Figures, measured: Figures): Row[] {
  const head = `page, CPU ${SLOWDOWN} times slower, ${TOKENS} tokens of Markdown at ${RATE}/s`;
  const busy = ({ cpuMs, longestMs, longMs }: Figures) =>
    `longest task ${formatMs(longestMs)}, long tasks ${formatMs(longMs)}, CPU ${formatMs(cpuMs)}`;
  const lag = ({ lags }: Figures) =>
    `p50 ${formatMs(median(lags))}, most ${formatMs(Math.max(...lags))}`;
  return [
    {
      label: `${head}: main thread`,
      control: busy(control),
      measured: busy(measured),
      budget: `longest task ≤ ${LONGEST_TASK_BUDGET_MS} ms, no long tasks`,
      within: measured.longestMs <= LONGEST_TASK_BUDGET_MS,
    },
    {
      label: `${head}: text behind the model`,
      control: lag(control),
      measured: lag(measured),
      budget: `p50 ≤ ${LAG_BUDGET_MS} ms`,
      within: median(measured.lags) <= LAG_BUDGET_MS,
    },
  ];
}
