import type { Page } from '@playwright/test';
import { expect, test } from '@/tests/support/e2e';
import { watchTokens } from '@/tests/support/e2e-chat';
import { numberedMarkdown } from '@/tests/support/model-server/numbered-markdown';

const BURST = 12;
/** A lump of words five times a second. */
const LUMPS = `tokens n=240 rate=${BURST * 5} burst=${BURST}`;

test('words that come in lumps are shown one after the other', async ({ chat, page }) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask(`Evenly [[scenario:${LUMPS}]]`);
  await chat.hasExactly(240);
  expect(seen.wrong).toEqual([]);
  // How many lengths are seen depends on the machine. Lump by lump none would be within one.
  expect(seen.counts.some((count) => count % BURST !== 0)).toBe(true);
});

test('who wants no motion gets the words as they come', async ({ chat, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask(`As they come [[scenario:${LUMPS}]]`);
  await chat.hasExactly(240);
  expect(seen.counts.every((count) => count % BURST === 0)).toBe(true);
});

test('what was missed is there at once: after a reload, and when the page is seen again', async ({
  chat,
  page,
  model,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask('While I was away [[scenario:tokens n=400 rate=400 hold=300]]');
  await chat.reaches(299);
  seen.restart();
  await chat.reload();
  await chat.holdsExactly(300);
  // Whatever was drawn of it before is no more than the empty answer.
  expect(seen.counts.filter((count) => count > 0)).toEqual([300]);
  await look(page, 'hidden');
  model.release();
  await chat.reaches(399);
  await look(page, 'visible');
  await chat.hasExactly(400);
  expect(seen.wrong).toEqual([]);
});

test('a fast answer is shown whole, and what is typed meanwhile stays', async ({ chat }) => {
  await chat.open();
  await chat.ask('As fast as you can [[scenario:prose n=2000 rate=1000]]');
  await chat.reaches(100);
  await chat.field.pressSequentially('Still here');
  await chat.hasExactly(numberedMarkdown(2_000).join('').match(/t\d+/g)?.length ?? 0);
  await expect(chat.field).toHaveValue('Still here');
});

test('no emoji, accent or flag that has come is cut', async ({ chat, page }) => {
  const sample =
    '今日は天気がいいので公園を散歩しました。👩‍👩‍👧‍👦は🇩🇪から来た家族です。e\u0301te\u0301 '.repeat(
      6,
    );
  const texts: string[] = [];
  await page.exposeFunction('reportText', (text: string) => texts.push(text));
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const text = document.querySelector('article[aria-label=Assistant] p')?.textContent ?? '';
      (window as unknown as { reportText: (text: string) => void }).reportText(text);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await chat.open();
  await chat.ask(`Say it [[scenario:say rate=60 text="${sample}"]]`);
  await chat.finished();
  await expect(chat.answer).toContainText(sample.trim());
  const characters = new Intl.Segmenter('ja', { granularity: 'grapheme' });
  const ends = new Set([0]);
  for (const { index, segment } of characters.segment(sample)) ends.add(index + segment.length);
  const growing = new Set(
    texts.filter((text) => sample.startsWith(text)).map((text) => text.length),
  );
  expect(growing.size).toBeGreaterThan(2);
  expect([...growing].filter((length) => !ends.has(length))).toEqual([]);
});

/** Tells the page that it is hidden, or seen again. Chromium without a window always sees all. */
async function look(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((now) => {
    Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
    Object.defineProperty(document, 'hidden', { value: now === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}
