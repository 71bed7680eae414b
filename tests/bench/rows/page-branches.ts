/** Opening a chat of 5,000 messages with branches, and switching a branch in it. */
import { randomUUID } from 'node:crypto';
import { formatMs } from '@/tests/bench/format';
import { type BenchPage, withPage } from '@/tests/bench/page/bench-page';
import type { Benchmark, Row } from '@/tests/bench/row';
import { percentile } from '@/tests/bench/stats';
import { addMessages } from '@/tests/support/long-chat';

const OPEN_BUDGET_MS = 1_000;
const SWITCH_BUDGET_MS = 100;
const MESSAGES = 5_000;
/** Siblings of the last message of the user, each with an answer. */
const SIBLINGS = 20;
const SWITCHES = 11;

export const pageBranches: Benchmark = {
  names: ['page-branches'],
  run: (environment) =>
    withPage(environment, async (benchPage) => {
      const chatId = await createChat(benchPage);
      const openMs = await measureOpening(benchPage, chatId);
      const switchMs = await measureSwitching(benchPage);
      const controlMs = await measureControl(benchPage);
      return [
        row(`opening a chat of ${MESSAGES} messages`, openMs, OPEN_BUDGET_MS, '—'),
        row('switching a branch in it', switchMs, SWITCH_BUDGET_MS, `${formatMs(controlMs)} (GET)`),
      ];
    }),
};

function row(what: string, times: number[], budgetMs: number, control: string): Row {
  const median = percentile(times, 0.5);
  return {
    label: `page: ${what}, median of ${times.length}`,
    control,
    measured: formatMs(median),
    budget: `≤ ${formatMs(budgetMs)}`,
    within: median <= budgetMs,
  };
}

async function createChat({ chat, page, model, databaseUrl }: BenchPage): Promise<string> {
  model.setScenario('tokens n=2');
  await chat.open();
  await chat.sendAndWait('The first one');
  const id = await chat.chatId();
  await addMessages(databaseUrl, id, MESSAGES - 2 * SIBLINGS);
  const { messages } = await (await page.request.get(`/api/chat/${id}`)).json();
  const parentId = messages.at(-1).id;
  let branchEnd = parentId;
  let editOf: string | undefined;
  for (let index = 0; index < SIBLINGS; index += 1) {
    const messageId = randomUUID();
    await chat.sendByApi({
      id,
      message: { id: messageId, role: 'user', parts: [{ type: 'text', text: `Branch ${index}` }] },
      parentId,
      ...(editOf && { editOf, branchEnd }),
    });
    const detail = await (await page.request.get(`/api/chat/${id}`)).json();
    branchEnd = detail.messages.at(-1).id;
    editOf = messageId;
  }
  return id;
}

async function measureOpening({ chat, page }: BenchPage, chatId: string): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const openedAt = performance.now();
    await page.goto(`/chat/${chatId}`, { waitUntil: 'commit' });
    await page.getByText(`Branch ${SIBLINGS - 1}`, { exact: true }).waitFor();
    await chat.waitUntilReady();
    times.push(performance.now() - openedAt);
  }
  return times;
}

/** From the click until the page has drawn the other branch, by the page's own clock. */
async function measureSwitching({ page }: BenchPage): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < SWITCHES; index += 1) {
    times.push(
      await page.evaluate(
        async (expected) => {
          const button = document.querySelector<HTMLElement>('[aria-label="Previous version"]');
          const clickedAt = performance.now();
          button?.click();
          while (!document.querySelector('[role=log]')?.textContent?.includes(expected)) {
            await new Promise((resolve) => requestAnimationFrame(resolve));
          }
          return performance.now() - clickedAt;
        },
        `Branch ${SIBLINGS - 2 - index}`,
      ),
    );
    // The last frames and the refreshes of one switch do not delay the next one.
    await page.waitForTimeout(500);
  }
  return times;
}

/** A request of the same page that reads one row. */
async function measureControl({ page }: BenchPage): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    times.push(
      await page.evaluate(async () => {
        const startedAt = performance.now();
        await (await fetch(`/api${location.pathname}/settings`)).text();
        return performance.now() - startedAt;
      }),
    );
  }
  return percentile(times, 0.5);
}
