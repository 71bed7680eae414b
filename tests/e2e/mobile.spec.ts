import type { Page } from '@playwright/test';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

/** A formula without a possible line break. */
const FORMULA = `$\\underbrace{${'a_{1}+b+'.repeat(30)}c}_{n}$`;
const WIDE = [
  `Text ${FORMULA} and`,
  `- item ${FORMULA}\n  1. item ${FORMULA}`,
  `| ${FORMULA} | b |\n| --- | --- |\n| ${FORMULA} | c |`,
  `> ${FORMULA}\n>\n> - ${FORMULA}`,
  `# ${FORMULA}`,
  `<details open><summary>${FORMULA}</summary>\n\n${FORMULA}\n\n</details>`,
  `<pre>${'p'.repeat(200)}</pre>`,
  Array.from({ length: 14 }, (_, depth) => `${'  '.repeat(depth)}- deep`).join('\n'),
  `- a\n\n  $$\n  ${'a_{1} + '.repeat(40)}b\n  $$`,
  `An unbreakable ${'w'.repeat(200)} word`,
  `\`${'inline_code_'.repeat(20)}\``,
  `| ${'Column | '.repeat(12)}\n| ${'--- | '.repeat(12)}\n| ${'value | '.repeat(12)}`,
  `\`\`\`ts\nconst line = '${'x'.repeat(300)}';\n\`\`\``,
  `$$\n${'a_{1} + '.repeat(40)}b\n$$`,
  `[a link](https://example.com/${'path/'.repeat(40)}) https://example.com/${'p'.repeat(150)}`,
].join('\n\n');

test('on a phone no answer, menu or document overflows the screen', async ({ chat, page }) => {
  await chat.open();
  await expectNoHorizontalOverflow(chat);
  await chat.sendAndWait(`[[title:text=Wide]]${scenario('say', { text: WIDE })}`);
  await expect(chat.answer.getByRole('figure')).toBeVisible();
  await expect(chat.answer.locator('.katex')).toHaveCount(12);
  await expectNoHorizontalOverflow(chat);
  await chat.sendAndWait(`${'longword'.repeat(60)} [[scenario:reasoning n=5]]`);
  await expectNoHorizontalOverflow(chat);
  await chat.sendMessage(
    '[[scenario:tool name=createDocument args={"title":"Notes","kind":"text"}]]',
  );
  await expect(page.getByRole('complementary', { name: 'Document' })).toContainText('d29');
  await expectNoHorizontalOverflow(chat);
  await page.getByRole('button', { name: 'Close document' }).tap();
  await page.getByRole('button', { name: /^Model: / }).tap();
  await expect(page.getByRole('listbox')).toBeVisible();
  await expectNoHorizontalOverflow(chat);
});

test('on a phone the title stays visible above a model with a long name and beside the other buttons', async ({
  chat,
  page,
}) => {
  await page.route('**/api/models', async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    const json = JSON.parse(
      body.replaceAll('"name":"scripted"', '"name":"A long name of a model"'),
    );
    await route.fulfill({ response, json });
  });
  await chat.open();
  await page.getByRole('button', { name: 'Instructions for this chat' }).tap();
  await page.getByRole('textbox', { name: 'Instructions', exact: true }).fill('Rhyme.');
  await page.getByRole('button', { name: 'Save' }).tap();
  await chat.sendAndWait('[[title:text="A rather long title"]] [[scenario:document]]');
  await chat.reload();
  // The URL names the document that the answer has opened.
  await page.getByRole('button', { name: 'Close document' }).tap();
  const header = page.locator('header');
  await expect(header.getByRole('heading', { name: 'A rather long title' })).toBeVisible();
  await expect(header.getByRole('button', { name: 'Documents of this chat: 1' })).toBeVisible();
  await expect(header.getByRole('button', { name: 'Model: A long name of a model' })).toBeVisible();
  const boxes = await header
    .locator('h1, button:visible:not([aria-label^="Model: "])')
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().toJSON()));
  expect(boxes).toHaveLength(5);
  for (const [index, box] of boxes.entries()) {
    expect(box.width).toBeGreaterThanOrEqual(44);
    expect(box.left).toBeGreaterThanOrEqual(boxes[index - 1]?.right ?? 0);
  }
  expect(boxes[1].width).toBeGreaterThanOrEqual(80);
  expect(boxes.at(-1).right).toBeLessThanOrEqual(360);
  // The name of the model is below the title; its button fills the row.
  const picker = header.getByRole('button', { name: /^Model: / });
  const [button, name] = await Promise.all([
    picker.boundingBox(),
    picker.getByText('A long name of a model').boundingBox(),
  ]);
  if (!button || !name) throw new Error('The model picker is not visible.');
  expect(Math.min(button.width, button.height)).toBeGreaterThanOrEqual(44);
  expect(name.y).toBeGreaterThanOrEqual(boxes[1].bottom);
  expect(button.x).toBeGreaterThanOrEqual(boxes[0].right);
  expect(button.x + button.width).toBeLessThanOrEqual(boxes[2].left);
});

test('on a phone every control is reachable', async ({ chat, page }) => {
  // The open keyboard leaves little height; a new chat starts scrolled to its top.
  await page.setViewportSize({ width: 360, height: 320 });
  await chat.open();
  await expect(page.getByRole('button', { name: 'Plot a small data set' })).toBeAttached();
  await expect(page.getByRole('heading', { name: 'Ask. Leave. Come back.' })).toBeInViewport();
  await page.setViewportSize({ width: 360, height: 640 });
  await chat.messageBox.tap();
  await chat.messageBox.fill('From a phone');
  await chat.sendButton.tap();
  await expect(chat.answer).toContainText('You said: From a phone');
  await chat.waitUntilFinished();
  await page.getByRole('button', { name: 'New chat', exact: true }).tap();
  await expect(chat.userMessages).toHaveCount(0);

  await page.getByRole('button', { name: 'Open sidebar' }).tap();
  const sheet = page.getByRole('dialog', { name: 'Sidebar' });
  await expect(sheet.getByRole('button', { name: /^Account: / })).toBeVisible();
  await expect(sheet.getByRole('button', { name: /^Theme: / })).toBeVisible();
  await expect(sheet.getByRole('button', { name: 'New chat', exact: true })).toBeVisible();
  await sheet.getByRole('button', { name: 'Options for From a phone' }).tap();
  await page.getByRole('menuitem', { name: 'Rename' }).tap();
  await page.getByRole('textbox', { name: 'Chat title' }).fill('Renamed on a phone');
  await page.keyboard.press('Enter');
  await sheet.getByRole('link', { name: 'Renamed on a phone' }).tap();
  await expect(sheet).toHaveCount(0);
  await expect(chat.userMessages).toHaveText([/From a phone/]);
  await expectNoHorizontalOverflow(chat);
});

test('touch targets are 44 pixels large in the chat, its menus and a document', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.sendAndWait('Fingers');
  expect(await findSmallTargets(page)).toEqual([]);
  await page.getByRole('button', { name: /^Model: / }).tap();
  await expect(page.getByRole('listbox')).toBeVisible();
  expect(await findSmallTargets(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Open sidebar' }).tap();
  await page.getByRole('button', { name: 'Options for Fingers' }).tap();
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await findSmallTargets(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.goBack();
  await chat.sendAndWait(
    '[[scenario:tool name=createDocument args={"title":"Notes","kind":"text"}]]',
  );
  await expect(page.getByRole('toolbar', { name: 'Versions' })).toBeVisible();
  await expect(page.getByRole('toolbar', { name: 'Formatting' })).toBeVisible();
  expect(await findSmallTargets(page)).toEqual([]);
});

test('on a phone Enter inserts a line break, and the button sends both lines', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.messageBox.tap();
  await page.keyboard.type('First line');
  await page.keyboard.press('Enter');
  await page.keyboard.type('second line');
  await expect(chat.messageBox).toHaveValue('First line\nsecond line');
  await expect(chat.userMessages).toHaveCount(0);
  await chat.sendButton.tap();
  await expect(chat.userMessages).toHaveText([/First line\s+second line/]);
});

test('on a phone Back closes the document, the sidebar, a menu or a dialog and stays in the chat during an answer', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendAndWait('Before');
  const chatUrl = page.url();
  await chat.sendMessage(scenario('document', { title: 'Held', n: 60, rate: 0, hold: 20 }));
  const panel = page.getByRole('complementary', { name: 'Document' });
  await expect(panel).toContainText('d17');
  await page.goBack();
  await expect(panel).toHaveCount(0);
  expect(page.url()).toBe(chatUrl);
  await expect(chat.stopButton).toBeVisible();
  model.release();
  await chat.waitUntilFinished();

  // Closed with its button, it leaves no entry in the browser history.
  await chat.answer.getByRole('button', { name: 'Open' }).tap();
  await page.getByRole('button', { name: 'Close document' }).tap();
  await expect(panel).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => history.state?.overlay ?? null)).toBeNull();

  await page.getByRole('button', { name: 'Open sidebar' }).tap();
  const sheet = page.getByRole('dialog', { name: 'Sidebar' });
  await expect(sheet).toBeVisible();
  await page.goBack();
  await expect(sheet).toHaveCount(0);
  expect(page.url()).toBe(chatUrl);
  // Forward does not reopen it and adds no history entry.
  await page.evaluate(() => history.forward());
  await expect.poll(() => page.evaluate(() => history.state?.overlay ?? null)).toBeNull();

  // Back also closes menus and dialogs, the topmost first.
  const models = page.getByRole('dialog', { name: 'Choose a model' });
  await page.getByRole('button', { name: /^Model: / }).tap();
  await expect(models).toBeVisible();
  await page.goBack();
  await expect(models).toHaveCount(0);
  await page.getByRole('button', { name: 'Open sidebar' }).tap();
  await sheet.getByRole('button', { name: /^Options for/ }).tap();
  await expect(page.getByRole('menu')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('menu')).toHaveCount(0);
  await sheet.getByRole('button', { name: /^Options for/ }).tap();
  await page.getByRole('menuitem', { name: 'Instructions for this chat' }).tap();
  const instructions = page.getByRole('dialog', { name: 'Instructions for this chat' });
  await expect(instructions).toBeVisible();
  await page.goBack();
  await expect(instructions).toHaveCount(0);
  await expect(sheet).toBeVisible();
  await page.goBack();
  await expect(sheet).toHaveCount(0);
  expect(page.url()).toBe(chatUrl);

  // A page opened from the sidebar replaces its history entry: one Back leads to the chat.
  await page.getByRole('button', { name: 'Open sidebar' }).tap();
  await sheet.getByRole('button', { name: 'New chat', exact: true }).tap();
  await expect(page).toHaveURL(/\/$/);
  await page.goBack();
  await expect(page).toHaveURL(chatUrl);
  await expect(sheet).toHaveCount(0);
  await expect(chat.userMessages.first()).toContainText('Before');
  expect(model.activeAnswers()).toBe(0);

  // "Undo" works while the sidebar covers the page.
  await page.goto('/');
  await page.getByRole('button', { name: 'Open sidebar' }).tap();
  await sheet.getByRole('button', { name: /^Options for/ }).tap();
  await page.getByRole('menuitem', { name: 'Delete' }).tap();
  await page.getByRole('button', { name: 'Undo' }).tap();
  await expect(sheet.getByRole('button', { name: /^Options for/ })).toBeVisible();
});

test('on a phone an answer can be stopped while its document covers the chat', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendMessage(scenario('document', { title: 'Held', n: 60, rate: 0, hold: 20 }));
  const panel = page.getByRole('complementary', { name: 'Document' });
  await expect(panel).toContainText('d17');
  await panel.getByRole('button', { name: 'Stop' }).tap();
  await expect(panel.getByRole('button', { name: 'Stop' })).toHaveCount(0);
  await expect.poll(() => model.activeAnswers()).toBe(0);
});

/** Finds controls smaller than 44 px in width or height, except links within text. */
async function findSmallTargets(page: Page): Promise<string[]> {
  const targets = page.locator(
    'button, summary, [role=menuitem], [role=option], nav a, input:not([type=checkbox])',
  );
  await expect(targets.first()).toBeAttached();
  // Offsets ignore the scale transform of an opening menu; a bounding rectangle would include it.
  return await targets.evaluateAll((elements) =>
    (elements as HTMLElement[])
      .filter((element) => element.checkVisibility() && !element.closest('[inert], .sr-only'))
      .filter(({ offsetWidth }) => offsetWidth > 0)
      .filter(({ offsetWidth, offsetHeight }) => Math.min(offsetWidth, offsetHeight) < 44)
      .map(({ ariaLabel, textContent, offsetWidth, offsetHeight }) => {
        return `${ariaLabel ?? textContent}: ${offsetWidth} x ${offsetHeight}`;
      }),
  );
}

/** Expects that neither the page nor the conversation can be scrolled horizontally. */
async function expectNoHorizontalOverflow({ page }: ChatPage): Promise<void> {
  const widths = await page.evaluate(() =>
    [document.scrollingElement, ...document.querySelectorAll('main, [data-scroller], aside')].map(
      (element) => (element ? element.scrollWidth - element.clientWidth : 0),
    ),
  );
  expect(Math.max(...widths)).toBeLessThanOrEqual(0);
}
