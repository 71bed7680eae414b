import { expect, test } from '@/tests/support/e2e';
import { CodePanel } from '@/tests/support/e2e-code';
import { keyTimes, watchKeys } from '@/tests/support/e2e-keys';
import { scenario } from '@/tests/support/model-server/scenario-line';

/** What is promised is 50 ms a key; a quiet machine has 95 % within 20 ms. */
const MEDIAN_KEY_MS = 30;
const KEY_MS = 50;
/** For a busy machine with two cores; a quiet one had 53 ms at most. */
const SLOWEST_KEY_MS = 250;
const LAG_LINES = 150;

const LINES = 5_000;
const RATE = 300;
/** Each line is one token: without a space in it. */
const PROGRAM = Array.from({ length: LINES }, (_, i) => `add("row-${i}",${i}*${i});//n${i}`).join(
  '\n',
);

// A trace draws the page anew for itself, again and again.
test.use({ trace: 'off' });

test.afterEach(({ model }) => model.reset());

test('while a program of 5,000 lines is written at 300 tokens a second, each key in the chat is there at once', async ({
  chat,
  page,
  model,
}) => {
  test.setTimeout(120_000);
  await watchKeys(page);
  await chat.open();
  const code = new CodePanel(chat);
  const options = {
    kind: 'code',
    language: 'javascript',
    title: 'rows.js',
    content: PROGRAM,
    rate: RATE,
  };
  // Too long for a message: it is set for all that name none.
  model.setScenario(scenario('document', options).slice('[[scenario:'.length, -']]'.length));
  await chat.ask('Write rows');
  await expect(code.text).toContainText('add(');

  const durations: number[] = [];
  let lag = 0;
  const startedAt = Date.now();
  let typed = 0;
  for (let round = 0; (await chat.stopButton.count()) > 0; round++) {
    const text = `while it is written ${round} `;
    await chat.field.pressSequentially(text, { delay: 30 });
    typed += text.length;
    durations.push(...(await keyTimes(page, text.length)));
    // What can be seen is the end of what is there: the editor draws no more than that.
    const shown = await page.evaluate(() => {
      const text = document.querySelector('[data-artifact] .cm-content')?.textContent ?? '';
      return Number([...text.matchAll(/n(\d+)/g)].at(-1)?.[1] ?? 0);
    });
    const said = Math.min(LINES, ((Date.now() - startedAt) * RATE) / 1000);
    if (round > 0) lag = Math.max(lag, said - shown);
    if (round > 500) throw new Error('The program is never written.');
  }
  durations.sort((a, b) => a - b);
  const median = durations[Math.floor(typed * 0.5)] as number;
  const p95 = durations[Math.floor(typed * 0.95)] as number;
  const slowest = durations.at(-1) as number;
  const report = `${typed} keys: half within ${median} ms, 95 % within ${p95} ms, the slowest ${slowest} ms; the text at most ${Math.round(lag)} lines behind, from the first one shown`;
  test.info().annotations.push({ type: 'measured', description: report });
  process.stdout.write(`  A program of ${LINES} lines at ${RATE} tokens/s: ${report}\n`);
  expect(typed).toBeGreaterThan(150);
  expect(median).toBeLessThanOrEqual(MEDIAN_KEY_MS);
  expect(p95).toBeLessThan(KEY_MS);
  expect(slowest).toBeLessThan(SLOWEST_KEY_MS);
  expect(lag).toBeLessThan(LAG_LINES);
  await expect(code.panel.locator('.cm-line').last()).toContainText(`n${LINES - 1}`);
});
