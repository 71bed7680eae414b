import type { Page } from '@playwright/test';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { createDocument } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

const RICH = [
  '# Heading\n\nText with **bold**, `code`, [a link](https://example.com) and $x^2$.',
  '| A | B |\n| --- | --- |\n| 1 | 2 |',
  '```ts\nconst a = 1;\n```',
  '- [x] done\n- [ ] not done',
].join('\n\n');

test('the whole app can be operated with the keyboard alone', async ({ chat, page, model }) => {
  await chat.open();
  await expect(chat.messageBox).toBeFocused();
  await page.keyboard.type('No mouse [[scenario:tokens n=3000 rate=50]]');
  await page.keyboard.press('Enter');
  await chat.waitForToken(10);
  await page.keyboard.press('Tab');
  await expect(chat.stopButton).toBeFocused();
  await page.keyboard.press('Enter');
  await chat.waitUntilFinished();
  await expect.poll(() => model.activeAnswers()).toBe(0);
  // The pressed button disappears: the focus moves to the message box.
  await expect(chat.messageBox).toBeFocused();
  await page.keyboard.type('And on');
  await page.keyboard.press('Tab');
  await expect(chat.sendButton).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(chat.answer).toContainText('You said: And on');
  await chat.waitUntilFinished();
  await expect(chat.messageBox).toBeFocused();

  await page.keyboard.press('ControlOrMeta+Shift+O');
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.messageBox).toBeFocused();
  await expect(chat.userMessages).toHaveCount(0);

  await chat.chatLink('No mouse').focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Options for No mouse' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Options for No mouse' })).toBeFocused();

  await page.keyboard.press('ControlOrMeta+Shift+S');
  await expect(page.getByRole('button', { name: 'Open sidebar' })).toBeVisible();
  await expect(chat.history).not.toBeInViewport();
  await page.keyboard.press('ControlOrMeta+Shift+S');
  await expect(chat.history).toBeInViewport();
});

test('Tab reaches every control', async ({ chat, page }) => {
  await chat.open();
  await sendRichMessage(chat);
  await chat.sendAndWait('Another one');
  expect(await findUnreachableByTab(page)).toEqual([]);
});

test('the regions of the page have names, and a screen reader announces the progress of an answer', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat');
  await expect(chat.sendButton).toBeVisible();
  await expect(page.getByRole('button', { name: 'New chat' }).first()).toBeVisible();
  await expect(page.getByRole('log', { name: 'Conversation' })).toBeVisible();
  await chat.sendMessage('Read it out [[scenario:tokens n=40 hold=20]]');
  const announcements = page.getByRole('status').filter({ hasText: /./ });
  await expect(announcements.filter({ hasText: 'The answer is being generated.' })).toBeAttached();
  await expect(chat.answer).toHaveAttribute('aria-busy', 'true');
  await chat.waitForToken(19);
  model.release();
  await chat.expectFinishedWithTokens(40);
  await expect(announcements.filter({ hasText: /^Assistant: t0 t1/ })).toBeAttached();
  await expect(chat.answer).toHaveAttribute('aria-busy', 'false');
});

test('the page has no accessibility violations', async ({ chat, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await chat.open();
  await expectAccessible(page);

  await sendRichMessage(chat);
  await chat.sendAndWait('Think [[scenario:reasoning n=5]]');
  await chat.answer.getByRole('button', { name: /^(Thought|Reasoning)/ }).click();
  await chat.sendMessage('Fail [[scenario:status code=401]]');
  await expect(chat.alert).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: /^Model: / }).click();
  await expect(page.getByRole('listbox')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await chat.chatLink('Rich').focus();
  await page.keyboard.press('Delete');
  const undo = page.getByRole('button', { name: 'Undo' });
  // A notification stays while the mouse is over it.
  await undo.hover();
  await expectAccessible(page);
  await undo.click();
  await expect(chat.chatLink('Rich')).toBeVisible();

  await chat.sendMessage(
    '[[scenario:tool name=createDocument args={"title":"Notes","kind":"text"}]]',
  );
  await expect(page.getByRole('complementary', { name: 'Document' })).toContainText('d29');
  await chat.waitUntilFinished();
  await expectAccessible(page);
});

test('the theme follows the system, can be chosen, and is remembered', async ({ chat, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await chat.open();
  expect(await brightness(page, 'backgroundColor')).toBeLessThan(60);
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
  expect(await brightness(page, 'backgroundColor')).toBeGreaterThan(200);
  await chat.reload();
  expect(await brightness(page, 'backgroundColor')).toBeGreaterThan(200);
  await page.getByRole('button', { name: 'Theme: light' }).click();
  expect(await brightness(page, 'backgroundColor')).toBeLessThan(60);
});

test('the Enter that ends an IME composition submits nothing, in any field', async ({
  chat,
  page,
}) => {
  /**
   * As Safari sends it: after `compositionend`, with key code 229.
   * @returns whether it was handled
   */
  const composedEnter = () =>
    page.evaluate(() => {
      const init = { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
      return !document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', init));
    });
  await chat.open();
  await chat.messageBox.fill('日本');
  expect(await composedEnter()).toBe(false);
  await expect(chat.userMessages).toHaveCount(0);
  await chat.messageBox.press('Enter');
  await chat.waitUntilFinished();

  await chat.history.getByRole('link').first().focus();
  await page.keyboard.press('F2');
  const title = page.getByRole('textbox', { name: 'Chat title' });
  await title.fill('東京');
  expect(await composedEnter()).toBe(false);
  await expect(title).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(chat.chatLink('東京')).toBeVisible();

  await page.getByRole('button', { name: /^Model: / }).click();
  await expect(page.getByRole('listbox')).toBeFocused();
  expect(await composedEnter()).toBe(false);
  await expect(page.getByRole('listbox')).toBeVisible();
  await page.keyboard.press('Escape');

  await chat.sendAndWait(
    '[[scenario:tool name=createDocument args={"title":"Data","kind":"sheet"}]]',
  );
  await page.getByRole('button', { name: 'More for this document' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const name = page.getByRole('textbox', { name: 'Document title' });
  await name.fill('表');
  expect(await composedEnter()).toBe(false);
  await expect(name).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '表' })).toBeVisible();

  await page.getByRole('grid').focus();
  await page.keyboard.press('F2');
  const cell = page.getByRole('grid').locator('xpath=..').getByRole('textbox');
  await expect(cell).toBeFocused();
  expect(await composedEnter()).toBe(false);
  await expect(cell).toBeFocused();
});

test('a message of invisible characters is not sent', async ({ chat }) => {
  await chat.open();
  await chat.messageBox.fill('\u200b\u3164\u2800');
  await expect(chat.sendButton).toBeDisabled();
  await chat.messageBox.press('Enter');
  await expect(chat.userMessages).toHaveCount(0);
});

test('a dropped file does not replace the app, and the page says why', async ({ chat, page }) => {
  await chat.open();
  const prevented = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['text'], 'notes.txt', { type: 'text/plain' }));
    return ['dragenter', 'dragover', 'drop'].map((type) => {
      const init = { dataTransfer, bubbles: true, cancelable: true };
      return !document.querySelector('main')?.dispatchEvent(new DragEvent(type, init));
    });
  });
  expect(prevented).toEqual([true, true, true]);
  await expect(page.getByText('Files can’t be attached yet.')).toBeVisible();
});

test('Escape closes a tooltip that the pointer opened, wherever the focus is', async ({
  chat,
  page,
}) => {
  await chat.open();
  const tooltip = page.locator('body > [aria-hidden=true]', { hasText: 'Close sidebar' });
  await page.getByRole('button', { name: 'Close sidebar' }).hover();
  await expect(tooltip).toBeVisible();
  await chat.messageBox.press('Escape');
  await expect(tooltip).toHaveCount(0);
});

test('the whole chat and its document are printed, dark on white, without sidebar and message box', async ({
  chat,
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await chat.open();
  for (let turn = 1; turn <= 8; turn += 1) {
    // So far up that it is rendered only for printing.
    const formula = turn === 1 ? '$e^{i\\pi}$' : '';
    await chat.sendAndWait(`Turn ${turn} ${formula} ${'and so on '.repeat(150)}`);
  }
  await chat.sendAndWait(
    '[[scenario:tool name=createDocument args={"title":"Notes","kind":"text"}]]',
  );
  await chat.reload();
  await chat.answer.getByRole('button', { name: 'Open' }).click();
  await expect(page.getByRole('complementary', { name: 'Document' })).toContainText('d29');
  // The code that renders formulas synchronously is prefetched, its fonts last.
  const fonts = () =>
    page.evaluate(() => Array.from(document.fonts, ({ family, status }) => `${family} ${status}`));
  await expect.poll(fonts).toContainEqual(expect.stringMatching(/KaTeX_Main"? loaded/));
  await expect(chat.userMessages.first()).toContainText('Turn 4');
  const formulas = await page.evaluate(() => {
    dispatchEvent(new Event('beforeprint'));
    // The browser prints right after the event and its microtasks.
    return Promise.resolve().then(() => document.querySelectorAll('.formula').length);
  });
  expect(formulas).toBe(1);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(chat.userMessages).toHaveCount(9);
  await expect(chat.history).toBeHidden();
  await expect(chat.messageBox).toBeHidden();
  const clippedElements = await page.evaluate(() => {
    const boxes = document.querySelectorAll('main, [data-scroller], [data-document-panel]');
    const clipped = [...boxes].filter(
      (box) =>
        getComputedStyle(box).overflowY !== 'visible' || box.scrollHeight > box.clientHeight + 1,
    );
    const height = document.documentElement.scrollHeight;
    const log = document.querySelector('[role=log]')?.getBoundingClientRect().height ?? 0;
    return { clipped: clipped.map((box) => box.outerHTML.slice(0, 80)), whole: height > log };
  });
  expect(clippedElements).toEqual({ clipped: [], whole: true });
  const pages = (await page.pdf()).toString('latin1').match(/\/Type\s*\/Page\b/g);
  expect(pages?.length).toBeGreaterThan(2);
  expect(await brightness(page, 'color')).toBeLessThan(100);
});

test('forced colors keep the open chat, the active menu item and the focus visible', async ({
  chat,
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await chat.open();
  await chat.sendAndWait('[[title:text=Marked]]Marked');
  const computedStyle = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { outlineStyle, outlineWidth, backgroundColor } = getComputedStyle(element);
        return { outline: `${outlineStyle} ${outlineWidth}`, backgroundColor };
      });
  const canvas = (await computedStyle('main')).backgroundColor;
  await expect(chat.chatLink('Marked')).toBeVisible();
  expect((await computedStyle('[aria-current=page]')).backgroundColor).not.toBe(canvas);
  await page.getByRole('button', { name: 'Options for Marked' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  expect((await computedStyle('[data-highlighted]')).outline).toBe('solid 2px');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Model: / }).click();
  expect((await computedStyle('[role=option][data-highlighted]')).outline).toBe('solid 2px');
});

test('forced colors keep changes, suggestions and the selection in code and tables distinguishable', async ({
  chat,
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const panel = await createDocument(chat, { content: 'A brown fox.\n\nAnother one.' });
  const text = panel.root.getByRole('textbox');
  await expect(text).toContainText('A brown fox.');
  await chat.sendAndWait(
    scenario('suggest', { suggestions: [{ original: 'Another', suggested: 'One more' }] }),
  );
  const suggested = text.locator('.suggestion');
  await expect(suggested).toHaveCSS('border-bottom-style', 'dashed');
  await expect(suggested).toHaveCSS('outline-style', 'none');
  await suggested.click();
  await expect(suggested).toHaveCSS('outline-style', 'solid');
  await page.keyboard.press('Escape');
  await chat.sendAndWait(scenario('update', { edits: [{ find: 'brown', replace: 'red' }] }));
  await panel.button('Changes').click();
  const changes = panel.root.getByRole('region', { name: 'Changes' });
  await expect(changes.locator('del')).toHaveCSS('border-top-style', 'dashed');
  await expect(changes.locator('del')).toHaveCSS('text-decoration-line', 'line-through');
  await expect(changes.locator('ins')).toHaveCSS('border-top-style', 'solid');

  await chat.sendAndWait(
    scenario('document', { kind: 'code', title: 'a.js', content: 'let a = 1;', rate: 0 }),
  );
  const code = panel.root.getByRole('textbox', { name: /^Code/ });
  await code.click();
  await page.keyboard.press('Control+a');
  await expect(panel.root.locator('.cm-selectionBackground').first()).toHaveCSS(
    'outline-style',
    'solid',
  );

  await chat.sendAndWait(scenario('document', { kind: 'sheet', content: 'a,b\n1,2', rate: 0 }));
  await panel.cell('1').click();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(panel.cell('2')).toHaveAttribute('aria-selected', 'true');
  const { outlineColor, backgroundColor } = await panel.cell('1').evaluate((cell) => {
    const style = getComputedStyle(cell);
    return { outlineColor: style.outlineColor, backgroundColor: style.backgroundColor };
  });
  expect(outlineColor).not.toBe(backgroundColor);
});

test('each edited block or cell takes its text direction from its own words', async ({
  chat,
  page,
}) => {
  const content =
    '# כותרת\n\nAn English one.\n\n- פריט `code` כאן\n- item\n\n> - ציטוט\n\n| שם | b |\n| - | - |\n| 1 | 2 |\n\n```js\nlet a;\n```\n';
  const panel = await createDocument(chat, { content });
  const text = panel.root.getByRole('textbox');
  await expect(text).toHaveAttribute('contenteditable', 'true');
  const direction = (selector: string) =>
    text
      .locator(selector)
      .evaluateAll((elements) => elements.map((element) => getComputedStyle(element).direction));
  expect(await direction('h1')).toEqual(['rtl']);
  expect(await direction(':scope > p')).toEqual(['ltr']);
  expect(await direction('li')).toEqual(['rtl', 'ltr', 'rtl']);
  expect(await direction('blockquote, table')).toEqual(['rtl', 'rtl']);
  expect(await direction('th')).toEqual(['rtl', 'ltr']);
  expect(await direction('code, pre')).toEqual(['ltr', 'ltr', 'ltr']);
  // The direction follows the edited text.
  await text.locator(':scope > p').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('- פסקה');
  await expect(text.locator('li', { hasText: 'פסקה' })).toHaveCSS('direction', 'rtl');

  await chat.sendAndWait(
    scenario('document', { kind: 'sheet', content: 'שם,b\nשלום,-5\nabc,7', rate: 0 }),
  );
  const cell = (name: string) => panel.cell(name);
  await expect(cell('שלום')).toHaveCSS('direction', 'rtl');
  await expect(cell('שלום')).toHaveCSS('text-align', 'start');
  await expect(cell('abc')).toHaveCSS('direction', 'ltr');
  await expect(cell('-5')).toHaveCSS('text-align', 'right');
});

test('each paragraph, item, bubble and title has its own direction, and code and URLs are left to right', async ({
  chat,
  page,
}) => {
  await chat.open();
  const text =
    'שלום עולם.\n\nAn English one.\n\n- פריט `code` כאן\n- item\n\n> ציטוט\n\nראו https://example.org/a';
  await chat.sendAndWait(`שאלה [[title:text=כותרת]][[scenario:say text="${text}"]]`);
  const direction = (selector: string) =>
    chat.answer
      .locator(selector)
      .evaluateAll((elements) => elements.map((element) => getComputedStyle(element).direction));
  expect(await direction('.block-group > p')).toEqual(['rtl', 'ltr', 'rtl']);
  expect(await direction('li')).toEqual(['rtl', 'ltr']);
  expect(await direction('blockquote')).toEqual(['rtl']);
  expect(await direction('code')).toEqual(['ltr']);
  expect(await direction('a')).toEqual(['ltr']);
  const bubble = chat.userMessages.last().locator('p').first();
  await expect(bubble).toHaveCSS('direction', 'rtl');
  await expect(page.getByRole('heading', { name: 'כותרת' })).toHaveCSS('direction', 'rtl');
  await chat.messageBox.fill('טיוטה');
  await expect(chat.messageBox).toHaveCSS('direction', 'rtl');
});

/** The red channel of a color of the body, 0 to 255; the theme's colors are nearly gray. */
function brightness(page: Page, property: 'color' | 'backgroundColor'): Promise<number> {
  return page.evaluate((name) => {
    const canvas = document.createElement('canvas').getContext('2d');
    if (!canvas) return Number.NaN;
    canvas.fillStyle = getComputedStyle(document.body)[name];
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data[0] as number;
  }, property);
}

/** Sends a message whose answer contains every kind of block. */
async function sendRichMessage(chat: ChatPage): Promise<void> {
  await chat.sendAndWait(`[[title:text=Rich]][[scenario:say text="${RICH}"]]`);
  await expect(chat.chatLink('Rich')).toBeVisible();
}

/** Presses Tab through the whole page. @returns the HTML of visible controls that got no focus */
async function findUnreachableByTab(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const reached = new Set<Element>();
    Object.assign(window, { reached });
    addEventListener('focusin', ({ target }) => reached.add(target as Element));
    (document.activeElement as HTMLElement | null)?.blur();
  });
  const count = await page.evaluate(
    () => document.querySelectorAll('a[href], button, textarea, summary, [tabindex="0"]').length,
  );
  for (let press = 0; press < count + 5; press += 1) await page.keyboard.press('Tab');
  return await page.evaluate(() => {
    const { reached } = window as unknown as { reached: Set<Element> };
    const all = document.querySelectorAll<HTMLElement>(
      'a[href], button:not(:disabled), textarea, summary, [tabindex="0"]',
    );
    return [...all]
      .filter((element) => element.checkVisibility() && !element.closest('[inert]'))
      .filter((element) => !reached.has(element))
      .map((element) => element.outerHTML.slice(0, 200));
  });
}
