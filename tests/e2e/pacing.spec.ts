import type { Page } from '@playwright/test';
import { observeTokens } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { numberedMarkdown } from '@/tests/support/model-server/numbered-markdown';

const BURST = 12;
/** Five bursts of words per second. */
const BURSTY_SCENARIO = `tokens n=240 rate=${BURST * 5} burst=${BURST}`;

test('words that arrive in bursts are displayed one by one', async ({ chat, page }) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage(`Evenly [[scenario:${BURSTY_SCENARIO}]]`);
  await chat.expectFinishedWithTokens(240);
  expect(observed.invalidTexts).toEqual([]);
  // The number of observed counts depends on the machine. Displayed burst by burst, every count
  // would be a multiple of BURST.
  expect(observed.counts.some((count) => count % BURST !== 0)).toBe(true);
});

test('words are displayed as they arrive if the user prefers reduced motion', async ({
  chat,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage(`As they come [[scenario:${BURSTY_SCENARIO}]]`);
  await chat.expectFinishedWithTokens(240);
  expect(observed.counts.every((count) => count % BURST === 0)).toBe(true);
});

test('missed text is displayed immediately after a reload and when the page becomes visible', async ({
  chat,
  page,
  model,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage('While I was away [[scenario:tokens n=400 rate=400 hold=300]]');
  await chat.waitForToken(299);
  observed.reset();
  await chat.reload();
  await chat.expectTokens(300);
  // The network may deliver it in two parts; at the pace of new text, it would be dozens.
  expect(observed.counts.filter((count) => count > 0).length).toBeLessThanOrEqual(3);
  await setVisibility(page, 'hidden');
  model.release();
  await chat.waitForToken(399);
  await setVisibility(page, 'visible');
  await chat.expectFinishedWithTokens(400);
  expect(observed.invalidTexts).toEqual([]);
});

test('a fast answer is displayed completely, and a draft written meanwhile is kept', async ({
  chat,
}) => {
  await chat.open();
  await chat.sendMessage('As fast as you can [[scenario:prose n=2000 rate=1000]]');
  await chat.waitForToken(100);
  await chat.messageBox.pressSequentially('Still here');
  await chat.expectFinishedWithTokens(numberedMarkdown(2_000).join('').match(/t\d+/g)?.length ?? 0);
  await expect(chat.messageBox).toHaveValue('Still here');
});

test('no emoji, accent or flag is displayed partially', async ({ chat, page }) => {
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
  await chat.sendMessage(`Say it [[scenario:say rate=60 text="${sample}"]]`);
  await chat.waitUntilFinished();
  await expect(chat.answer).toContainText(sample.trim());
  const characters = new Intl.Segmenter('ja', { granularity: 'grapheme' });
  const boundaries = new Set([0]);
  for (const { index, segment } of characters.segment(sample))
    boundaries.add(index + segment.length);
  const displayedLengths = new Set(
    texts.filter((text) => sample.startsWith(text)).map((text) => text.length),
  );
  expect(displayedLengths.size).toBeGreaterThan(2);
  expect([...displayedLengths].filter((length) => !boundaries.has(length))).toEqual([]);
});

/** Simulates a change of the page's visibility: in headless Chromium every page is visible. */
async function setVisibility(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    Object.defineProperty(document, 'hidden', { value: value === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}
