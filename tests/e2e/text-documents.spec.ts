import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import {
  createDocument,
  fetchLatestDocument,
  openLatestDocument,
} from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { longText } from '@/tests/support/long-text';
import { scenario } from '@/tests/support/model-server/scenario-line';

const TEXT = `Heading of the _text_
===

A paragraph with **bold**, [a link](https://example.com) and $a_1 * b_1$.

* one
* two

| Planet | Moons |
|:--|--:|
| Mars | 2 |
`;

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('edits are saved, and the rest of the text keeps every byte', async ({ chat, page }) => {
  const editor = await createText(chat, TEXT);
  await expect(editor.getByRole('heading', { level: 1 })).toHaveText('Heading of the text');
  await expect(editor.getByRole('cell', { name: 'Mars' })).toBeVisible();
  await placeCursor(editor.getByText('two'));
  await page.keyboard.type(' and a half');
  await page.keyboard.press('Enter');
  await page.keyboard.type('**three** and `code`');
  const expected = TEXT.replace('* two', '* two and a half\n* **three** and `code`');
  await expect.poll(() => storedContent(chat)).toBe(expected);

  for (let undone = 0; undone < 20; undone += 1) await page.keyboard.press('Control+z');
  await expect.poll(() => storedContent(chat)).toBe(TEXT);
});

test('keyboard shortcuts and Markdown markup format the text', async ({ chat, page }) => {
  const editor = await createText(chat, 'First.\n');
  await placeCursor(editor.getByText('First.'));
  const lines = [
    ['Enter'],
    'plain ',
    ['Control+b'],
    'bold',
    ['Control+b'],
    ' and ',
    ['Control+i'],
    'italic',
    ['Control+i', 'Enter'],
    '## Heading',
    ['Enter'],
    '[ ] '.replace(/^/, '- '),
    'open',
    ['Enter'],
    'done',
    ['Control+Enter', 'Enter', 'Enter'],
    '> quoted',
    ['Enter', 'Enter'],
    '1. first',
    ['Enter', 'Tab'],
    'inner',
    ['Enter', 'Enter', 'Enter'],
    'A formula $x_1$ here',
    ['Enter'],
    '```js ',
    'const a = 1;',
    ['Enter'],
    'a_b * c',
  ];
  for (const line of lines) {
    if (typeof line === 'string') await page.keyboard.type(line);
    else for (const key of line) await page.keyboard.press(key);
  }
  await expect
    .poll(() => storedContent(chat))
    .toBe(`First.

plain **bold** and *italic*

## Heading

- [ ] open
- [x] done

> quoted

1. first
   1. inner

A formula $x_1$ here

\`\`\`js
const a = 1;
a_b * c
\`\`\`
`);
  await editor.getByRole('checkbox', { name: 'Done: open' }).check();
  await expect.poll(() => storedContent(chat)).toContain('- [x] open');
});

test('the toolbar can be operated with the mouse and with the keyboard', async ({ chat, page }) => {
  const editor = await createText(chat, 'One line.\n\nAnother line.\n');
  const panel = panelOf(page);
  await editor.getByText('One line.').click({ clickCount: 3 });
  const bold = panel.getByRole('button', { name: 'Bold' });
  await bold.click();
  await expect(bold).toHaveAttribute('aria-pressed', 'true');
  await expect(editor).toBeFocused();
  await expect.poll(() => storedContent(chat)).toBe('**One line.**\n\nAnother line.\n');

  // A click before the editor has received the selection change acts on the new selection.
  await editor.getByText('Another line.').evaluate((line) => {
    document.getSelection()?.selectAllChildren(line);
    document.querySelector<HTMLElement>('[aria-label="Italic"]')?.click();
  });
  await expect.poll(() => storedContent(chat)).toBe('**One line.**\n\n*Another line.*\n');
  await panel.getByRole('button', { name: 'Undo' }).click();

  await placeCursor(editor.getByText('Another line.'));
  await expect(bold).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('Alt+F10');
  await expect(panel.getByRole('button', { name: 'Style: Text' })).toBeFocused();
  for (let step = 0; step < 7; step += 1) await page.keyboard.press('ArrowRight');
  await expect(panel.getByRole('button', { name: 'Task list' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('button', { name: 'Task list' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor).toBeFocused();
  await expect.poll(() => storedContent(chat)).toBe('**One line.**\n\n- [ ] Another line.\n');

  await panel.getByRole('button', { name: /^Style/ }).click();
  await page.getByRole('menuitem', { name: 'Heading 2' }).click();
  await expect.poll(() => storedContent(chat)).toContain('## Another line.');
  await panel.getByRole('button', { name: 'Undo' }).click();
  await panel.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => storedContent(chat)).toBe('**One line.**\n\nAnother line.\n');
});

test('links are added, changed and removed, and only safe addresses are accepted', async ({
  chat,
  page,
}) => {
  const editor = await createText(chat, 'See the docs for more.\n');
  const panel = panelOf(page);
  await editor.getByText('See the docs').dblclick({ position: { x: 40, y: 10 } });
  await page.keyboard.press('Control+k');
  const card = panel.getByRole('dialog', { name: 'Link' });
  const address = card.getByRole('textbox', { name: 'Address' });
  await expect(address).toBeFocused();
  await address.fill('javascript:alert(1)');
  await page.keyboard.press('Enter');
  await expect(card.getByRole('alert')).toContainText('Enter a different address');
  await address.fill('example.com/docs');
  await page.keyboard.press('Enter');
  await expect(card).toHaveCount(0);
  await expect
    .poll(() => storedContent(chat))
    .toMatch(/^See \[the\]\(https:\/\/example\.com\/docs\) docs/);
  await editor.getByRole('link', { name: 'the' }).click();
  await page.keyboard.press('Control+k');
  await expect(address).toHaveValue('https://example.com/docs');
  await card.getByRole('button', { name: 'Remove the link' }).click();
  await expect.poll(() => storedContent(chat)).toBe('See the docs for more.\n');
});

test('pasted HTML and Markdown are converted to the text of the document', async ({
  chat,
  page,
}) => {
  const editor = await createText(chat, 'Start.\n');
  await placeCursor(editor.getByText('Start.'));
  await page.keyboard.press('Enter');
  await paste(page, {
    'text/html':
      '<h2 style="color:red" onclick="x()">From a page</h2><p>with <b>bold</b>, <a href="javascript:alert(1)">bad</a> and <a href="https://example.com/">good</a><script>window.attacked = 1</script></p><ul><li>item</li></ul><table><tr><th>a</th></tr><tr><td>1</td></tr></table><img src="http://elsewhere.test/x.png" alt="picture">',
    'text/plain': 'not this',
  });
  await expect
    .poll(() => storedContent(chat))
    .toBe(
      'Start.\n\n## From a page\n\nwith **bold**, bad and [good](https://example.com/)\n\n- item\n\n| a |\n| - |\n| 1 |\n\n![picture](http://elsewhere.test/x.png)\n',
    );
  await page.keyboard.press('Control+End');
  await drop(editor.getByText('item'), {
    'text/html': '<p onclick="x()" onfocus=x()>dropped <b onmouseover="x()">here</b></p>',
  });
  await expect.poll(() => storedContent(chat)).toContain('dropped **here**');
  await page.keyboard.press('Control+a');
  await paste(page, { 'text/plain': '# From Markdown\n\n- [x] done\n\n`code` and $x_1$' });
  await expect
    .poll(() => storedContent(chat))
    .toBe('# From Markdown\n\n- [x] done\n\n`code` and $x_1$\n');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe('# From Markdown\n\n- [x] done\n\n`code` and $x_1$');
});

const SUGGESTIONS = [
  { original: 'teh first', suggested: 'the first', description: 'A slip of the pen.' },
  { original: 'second **word**', suggested: 'second *term*', description: 'Plainer.' },
  { original: 'the third', suggested: 'a third', description: 'An article.' },
];

test('suggestions are displayed at their positions, and are applied and dismissed with the mouse', async ({
  chat,
  page,
}) => {
  const { editor, card, suggestionMarks } = await writeWithSuggestions(chat);
  await placeCursor(editor.getByText('Here is'), 'start');
  await page.keyboard.type('Now: ');
  await expect(suggestionMarks).toHaveCount(4);
  await editor.getByText('teh first').click();
  await expect(card).toContainText('A slip of the pen.');
  await expect(card.getByRole('deletion')).toHaveText('teh first');
  await expect(card.getByRole('insertion')).toHaveText('the first');
  await card.getByRole('button', { name: 'Apply' }).click();
  await expect(card).toHaveCount(0);
  await editor.getByText('the third').click();
  await card.getByRole('button', { name: 'Dismiss' }).click();
  await expect(card).toHaveCount(0);
  await expect(suggestionMarks).toHaveText(['second ', 'word']);
  const expected = 'Now: Here is the first line.\n\nThe second **word** and the third.\n';
  await expect.poll(() => storedContent(chat)).toBe(expected);

  await chat.reload();
  await openLatestDocument(chat);
  await expect(suggestionMarks).toHaveText(['second ', 'word']);
  await expect(editor).toContainText('the first line');
});

test('suggestions can be visited with the keyboard', async ({ chat, page }) => {
  const { editor, card, suggestionMarks } = await writeWithSuggestions(chat);
  await panelOf(page).getByRole('button', { name: '3 suggestions' }).focus();
  await page.keyboard.press('Enter');
  await expect(card.getByRole('button', { name: 'Apply' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(card).toContainText('Plainer.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(card).toContainText('An article.');
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await expect(editor).toBeFocused();
  await expect(suggestionMarks).toHaveText(['the third']);
  await expect.poll(() => storedContent(chat)).toContain('Here is the first line.');
  expect(await storedContent(chat)).toContain('second **word**');
});

test('a suggestion whose text was changed is reported and can be dismissed', async ({
  chat,
  page,
}) => {
  const { editor, suggestionMarks } = await writeWithSuggestions(chat);
  await placeCursor(editor.getByText('Here is'), 'start');
  for (const _ of 'Here is t') await page.keyboard.press('ArrowRight');
  await page.keyboard.type('x');
  const notice = panelOf(page).getByText('1 suggestion no longer applies: its text was changed.');
  await expect(notice).toBeVisible();
  await notice.click();
  await expect(panelOf(page).getByText('the first', { exact: true })).toBeVisible();
  await panelOf(page).getByRole('button', { name: 'Dismiss it' }).click();
  await expect(notice).toHaveCount(0);
  await expect(suggestionMarks).toHaveText(['second ', 'word', 'the third']);
});

test.describe('on a touch screen', () => {
  test.use({ hasTouch: true });

  test('a tap on a suggestion places the cursor in it', async ({ chat, page }) => {
    const { editor, card } = await writeWithSuggestions(chat);
    await placeCursor(editor.getByText('Here is'), 'start');
    await editor.getByText('the third').tap();
    await expect(card).toContainText('An article.');
    await page.keyboard.type('!');
    await expect
      .poll(() => storedContent(chat))
      .toMatch(/^Here is teh first line\.\n\nThe second \*\*word\*\* and t?h?e? ?t?h?i?r?d?!/);
  });
});

test('a change of the selection can be requested', async ({ chat, page }) => {
  const editor = await createText(chat, 'Some **important** words.\n');
  await editor.getByText('important').dblclick();
  const askButton = panelOf(page).getByRole('button', { name: 'Ask for a change' });
  await expect(askButton).toBeVisible();
  await page.keyboard.press('Alt+Enter');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await expect(page.getByRole('main')).toContainText('important');
  await expect(askButton).toHaveCount(0);
  await editor.getByText('important').dblclick();
  await askButton.click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
});

test('a change can be requested while an older version is open', async ({ chat, page }) => {
  const editor = await createText(
    chat,
    'Some **important** words and $a_1$.\n\n- one\n- two\n\n`a_b`\n',
  );
  await placeCursor(editor.getByText('two'));
  await page.keyboard.type(' and a half');
  await expect.poll(() => storedContent(chat)).toContain('two and a half');
  const panel = panelOf(page);
  await panel.getByRole('button', { name: 'Previous version' }).click();
  await expect(editor).toHaveCount(0);
  await expect(panel.locator('.katex')).toBeVisible();
  const askButton = panel.getByRole('button', { name: 'Ask for a change' });
  const about = page.getByRole('group', { name: 'What the message is about' });

  await expect(async () => {
    // Retried: a re-render in between removes the selection.
    await panel.getByText('Some').evaluate((line) => getSelection()?.selectAllChildren(line));
    await askButton.click({ timeout: 1_000 });
  }).toPass();
  await expect(about).toContainText(
    'About “Notes”, version 1: “Some **important** words and $a_1$.”',
  );
  await expect(chat.messageBox).toBeFocused();
  await expect(askButton).toHaveCount(0);

  await panel.getByText('one').click({ clickCount: 3 });
  await page.keyboard.press('Alt+Enter');
  await expect(about).toContainText('“one”');
  await panel.getByText('a_b').dblclick();
  await page.keyboard.press('Alt+Enter');
  await expect(about).toContainText('“a_b”');
  await chat.sendAndWait('Better?');
  await expect(chat.answer).toContainText(/ \(id [\w-]{36}; version 1\):/);
  await expect(chat.userMessages.last().getByRole('blockquote')).toContainText('version 1');
});

test('the view does not jump when a streamed text becomes editable', async ({
  chat,
  page,
  model,
}) => {
  // Enough paragraphs that those out of view are not rendered.
  const paragraphs = Array.from(
    { length: 200 },
    (_, i) => `Paragraph ${i}. ${'of words '.repeat(12)}\n\n- [ ] task ${i}\n`,
  );
  await chat.open();
  const content = paragraphs.join('\n');
  await chat.sendMessage(scenario('document', { content, rate: 0, hold: 900 }));
  const panel = panelOf(page);
  await expect(panel).toContainText('Paragraph 20.');
  const { x, y, width, height } = (await panel.boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.wheel(0, -900);
  await waitUntilStill(panel.getByText('Paragraph 0.'));
  const below = await panel
    .getByText(/^Paragraph \d+\. /)
    .evaluateAll(
      (all) => all.filter((each) => each.getBoundingClientRect().top > 300)[0]?.textContent,
    );
  const line = panel.getByText(String(below).slice(0, 14));
  const before = await topOf(line);
  model.release();
  await expect(panel.getByRole('textbox', { name: /^Text/ })).toBeVisible();
  await expect.poll(async () => Math.abs((await topOf(line)) - before)).toBeLessThanOrEqual(2);
});

test('a text too long for the rich text editor is edited as Markdown', async ({ chat, page }) => {
  const editor = await createText(chat, 'Short.\n');
  await editor.click();
  await page.keyboard.press('Control+a');
  const content = `# Long\n\n${'Words of a long text. '.repeat(40)}\n\n`.repeat(240);
  await paste(page, { 'text/plain': content });
  await expect.poll(async () => (await storedContent(chat)).length).toBeGreaterThan(200_000);
  await chat.reload();
  await openLatestDocument(chat);
  await expect(panelOf(page)).toContainText('Edit its Markdown here');
  await expect(editor).toHaveValue(/^# Long/);
  await editor.press('Control+Home');
  await page.keyboard.press('Shift+End');
  await expect(panelOf(page).getByRole('button', { name: 'Ask for a change' })).toBeVisible();
  await page.keyboard.press('Alt+Enter');
  await expect(page.getByRole('group', { name: 'What the message is about' })).toContainText(
    '“# Long”',
  );
  await editor.press('Control+Home');
  await page.keyboard.type('Typed. ');
  await expect.poll(() => storedContent(chat)).toMatch(/^Typed\. # Long/);
});

test('the editor has no accessibility violations, also on a phone and in the dark theme', async ({
  chat,
  page,
}) => {
  const { editor, card } = await writeWithSuggestions(chat);
  await editor.getByText('teh first').click();
  await expect(card).toBeVisible();
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await expectAccessible(page, '[data-document-panel]');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  }
});

function panelOf(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Document' });
}

/** Has the model write a text document. @returns its editor */
async function createText(chat: ChatPage, content: string): Promise<Locator> {
  await createDocument(chat, { content });
  // A document that is complete immediately does not open automatically.
  await openLatestDocument(chat);
  const editor = panelOf(chat.page).getByRole('textbox', { name: /^Text/ });
  await expect(editor).toBeVisible();
  return editor;
}

async function writeWithSuggestions(chat: ChatPage) {
  const editor = await createText(
    chat,
    'Here is teh first line.\n\nThe second **word** and the third.\n',
  );
  await chat.sendAndWait(scenario('suggest', { suggestions: SUGGESTIONS }));
  const suggestionMarks = editor.locator('.suggestion');
  await expect(suggestionMarks).toHaveCount(4);
  return {
    editor,
    suggestionMarks,
    card: panelOf(chat.page).getByRole('dialog', { name: 'Suggestion' }),
  };
}

/** Content of the newest version on the server. */
async function storedContent(chat: ChatPage): Promise<string> {
  return (await fetchLatestDocument(chat)).content;
}

/** Clicks a block of text and moves the cursor to the start or end of the line. */
async function placeCursor(block: Locator, edge: 'start' | 'end' = 'end'): Promise<void> {
  await block.click();
  await block.page().keyboard.press(edge === 'end' ? 'End' : 'Home');
}

async function paste(page: Page, data: Record<string, string>): Promise<void> {
  await page.evaluate((types) => {
    const clipboardData = new DataTransfer();
    for (const [type, value] of Object.entries(types)) clipboardData.setData(type, value);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, data);
}

/** Drops data from another window at the start of an element. */
async function drop(target: Locator, data: Record<string, string>): Promise<void> {
  await target.evaluate((element, types) => {
    const dataTransfer = new DataTransfer();
    for (const [type, value] of Object.entries(types)) dataTransfer.setData(type, value);
    const { left, bottom, top } = element.getBoundingClientRect();
    const position = { clientX: left + 2, clientY: (top + bottom) / 2 };
    element.dispatchEvent(
      new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true, ...position }),
    );
  }, data);
}

async function topOf(locator: Locator): Promise<number> {
  return locator.evaluate((element) => element.getBoundingClientRect().top);
}

/** Waits until an element no longer moves. */
async function waitUntilStill(locator: Locator): Promise<void> {
  let last = Number.NaN;
  await expect
    .poll(
      async () => {
        const top = await topOf(locator);
        const isStill = top === last;
        last = top;
        return isStill;
      },
      { intervals: [200] },
    )
    .toBe(true);
}

test('a text of 200,000 characters is edited in the rich text editor', async ({ chat, page }) => {
  await createDocument(chat, { content: 'Short.' });
  const { id } = await fetchLatestDocument(chat);
  const data = { saveId: randomUUID(), baseVersion: 1, content: longText(200_000) };
  expect((await page.request.post(`/api/document/${id}/versions`, { data })).ok()).toBe(true);
  await chat.reload();
  await openLatestDocument(chat);
  const middle = page
    .getByRole('textbox', { name: /^Text/ })
    .getByText('The last lines of section 150');
  await middle.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' as typed');
  await expect(middle).toContainText('as typed');
  // The End key moves to the end of the wrapped line, which depends on the layout.
  await expect.poll(async () => (await fetchLatestDocument(chat)).content).toContain(' as typed');
});
