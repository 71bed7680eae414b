/** Typing latency: in a long chat, while a program is streamed, and in a long text document. */
import { randomUUID } from 'node:crypto';
import { formatMs } from '@/tests/bench/format';
import { type BenchPage, withPage } from '@/tests/bench/page/bench-page';
import {
  formatKeyTimes,
  observeKeys,
  typeAndTime,
  typeIntoControlPage,
} from '@/tests/bench/page/keystroke-latency';
import type { Benchmark, Row } from '@/tests/bench/row';
import { percentile } from '@/tests/bench/stats';
import {
  createDocument,
  fetchLatestDocument,
  openLatestDocument,
} from '@/tests/support/e2e/document-panel';
import { addMessages } from '@/tests/support/long-chat';
import { longText } from '@/tests/support/long-text';
import { scenario } from '@/tests/support/model-server/scenario-line';

const KEY_BUDGET_MS = 50;
const USABLE_BUDGET_MS = 1_000;
const MESSAGES = 1_000;
const PROGRAM_LINES = 5_000;
const RATE = 300;
const TEXT_CHARS = 200_000;
const TEXT = 'each key is drawn at once, '.repeat(6);

export const pageKeys: Benchmark = {
  names: ['page-keys'],
  run: (environment) =>
    withPage(environment, async (benchPage) => {
      const control = formatKeyTimes(await typeIntoControlPage(await benchPage.blankPage(), TEXT));
      await observeKeys(benchPage.page);
      return [
        ...(await measureLongChat(benchPage, control)),
        await measureDuringCodeStream(benchPage, control),
        await measureLongText(benchPage, control),
      ];
    }),
};

async function measureLongChat(
  { chat, page, databaseUrl }: BenchPage,
  control: string,
): Promise<Row[]> {
  await chat.open();
  await chat.sendAndWait('The first one');
  const id = await chat.chatId();
  await addMessages(databaseUrl, id, MESSAGES);
  const openedAt = performance.now();
  await page.goto(`/chat/${id}`, { waitUntil: 'commit' });
  await page.getByText(`Question ${MESSAGES / 2}`, { exact: true }).waitFor();
  await chat.waitUntilReady();
  const usableMs = performance.now() - openedAt;
  await chat.messageBox.focus();
  const times = await typeAndTime(page, TEXT, 30);
  return [
    {
      label: `page: a chat of ${MESSAGES} messages is usable after`,
      control: '—',
      measured: formatMs(usableMs),
      budget: `≤ ${formatMs(USABLE_BUDGET_MS)}`,
      within: usableMs <= USABLE_BUDGET_MS,
    },
    buildKeyRow(`a chat of ${MESSAGES} messages`, control, times),
  ];
}

async function measureDuringCodeStream(
  { chat, page, model }: BenchPage,
  control: string,
): Promise<Row> {
  // Each line is one token: it has no space.
  const content = Array.from(
    { length: PROGRAM_LINES },
    (_, i) => `add("row-${i}",${i}*${i});//n${i}`,
  ).join('\n');
  const options = { kind: 'code', language: 'javascript', title: 'rows.js', content, rate: RATE };
  // Too long for a message: it becomes the scenario of messages without a marker.
  model.setScenario(scenario('document', options).slice('[[scenario:'.length, -']]'.length));
  await chat.open();
  await chat.sendMessage('Write rows');
  await page.locator('[data-document-panel] .cm-content').getByText('add(').first().waitFor();
  const times: number[] = [];
  await chat.messageBox.focus();
  while ((await chat.stopButton.count()) > 0 && times.length < 400) {
    times.push(...(await typeAndTime(page, 'while it is written ', 30)));
  }
  await chat.stopButton.click({ timeout: 1_000 }).catch(() => {});
  model.reset();
  return buildKeyRow(`the chat, a program being written at ${RATE} tokens/s`, control, times);
}

async function measureLongText({ chat, page }: BenchPage, control: string): Promise<Row> {
  await createDocument(chat, { content: 'Short.' });
  const { id } = await fetchLatestDocument(chat);
  const data = { saveId: randomUUID(), baseVersion: 1, content: longText(TEXT_CHARS) };
  await page.request.post(`/api/document/${id}/versions`, { data });
  await chat.reload();
  await openLatestDocument(chat);
  const editor = page.getByRole('textbox', { name: /^Text/ });
  await editor.getByText('The last lines of section 150').click();
  await page.keyboard.press('End');
  const times = await typeAndTime(page, TEXT, 60);
  return buildKeyRow(`a text of ${TEXT_CHARS} characters`, control, times);
}

function buildKeyRow(where: string, control: string, times: number[]): Row {
  return {
    label: `page: keys in ${where}`,
    control,
    measured: formatKeyTimes(times),
    budget: `p95 ≤ ${KEY_BUDGET_MS} ms`,
    within: percentile(times, 0.95) <= KEY_BUDGET_MS,
  };
}
