import { expect, test } from '@/tests/support/e2e';
import { CodePanel } from '@/tests/support/e2e-code';
import { scenario } from '@/tests/support/model-server/scenario-line';

/** Bounds for a busy machine with two cores; what a quiet one does is far below. */
const KEY_MS = 150;
const MEDIAN_KEY_MS = 50;
const LAG_LINES = 450;

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
  await page.addInitScript(() => {
    const keys: number[] = [];
    Object.assign(window, { keys });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries())
        if (name === 'keydown') keys.push(duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
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
    durations.push(
      ...(await page.evaluate(() => (window as unknown as { keys: number[] }).keys.splice(0))),
    );
    // What can be seen is the end of what is there: the editor draws no more than that.
    const shown = await page.evaluate(() => {
      const text = document.querySelector('[data-artifact] .cm-content')?.textContent ?? '';
      return Number([...text.matchAll(/n(\d+)/g)].at(-1)?.[1] ?? 0);
    });
    const said = Math.min(LINES, ((Date.now() - startedAt) * RATE) / 1000);
    if (round > 0) lag = Math.max(lag, said - shown);
    if (round > 500) throw new Error('The program is never written.');
  }
  // Keys that took less than 16 ms are not told one by one.
  const all = [...durations, ...Array(Math.max(0, typed - durations.length)).fill(16)].sort(
    (a, b) => a - b,
  );
  const median = all[Math.floor(all.length / 2)] as number;
  const p95 = all[Math.floor(all.length * 0.95)] as number;
  const slowest = all.at(-1) as number;
  const report = `${typed} keys: half within ${median} ms, 95 % within ${p95} ms, the slowest ${slowest} ms; the text at most ${Math.round(lag)} lines behind, from the first one shown`;
  test.info().annotations.push({ type: 'measured', description: report });
  process.stdout.write(`  A program of ${LINES} lines at ${RATE} tokens/s: ${report}\n`);
  expect(typed).toBeGreaterThan(150);
  expect(median).toBeLessThanOrEqual(MEDIAN_KEY_MS);
  expect(p95).toBeLessThan(KEY_MS);
  expect(lag).toBeLessThan(LAG_LINES);
  await expect(code.panel.locator('.cm-line').last()).toContainText(`n${LINES - 1}`);
});
