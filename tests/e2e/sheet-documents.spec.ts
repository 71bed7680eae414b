import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { createDocument, fetchLatestDocument } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

const SHEET = `planet;moons;"distance, AU"
"Mercury";0;0,39
Venus;0;0,72
Mars;2;"1,52"
`;

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('cells are edited with the keys of a spreadsheet, and unchanged rows keep every byte', async ({
  chat,
  page,
}) => {
  const grid = await createSheet(chat, SHEET);
  await expect(grid.getByRole('columnheader', { name: 'distance, AU' })).toBeVisible();
  await grid.focus();
  await pressKeys(page, 'ArrowDown', 'ArrowDown', 'ArrowRight');
  await page.keyboard.type('1; or 2');
  await pressKeys(page, 'Enter', 'F2', 'End');
  await page.keyboard.type('0');
  await pressKeys(page, 'Tab', 'Delete', 'Shift+Tab', 'ArrowUp', 'ArrowLeft');
  await expect
    .poll(() => storedContent(chat))
    .toBe(SHEET.replace('Venus;0', 'Venus;"1; or 2"').replace('Mars;2;"1,52"', 'Mars;20;'));
  await page.keyboard.type('not this');
  await pressKeys(page, 'Escape', 'Control+z', 'Control+z', 'Control+z');
  await expect.poll(() => storedContent(chat)).toBe(SHEET);
  await pressKeys(page, 'Control+y');
  await expect.poll(() => storedContent(chat)).toBe(SHEET.replace('Venus;0', 'Venus;"1; or 2"'));
  await chat.reload();
  await page.getByRole('button', { name: 'Documents of this chat: 1' }).click();
  await page.getByRole('menuitem').click();
  await expect(gridOf(page)).toContainText('1; or 2');
});

test('ranges are copied to and pasted from a spreadsheet', async ({ chat, page }) => {
  const grid = await createSheet(chat, SHEET);
  const cell = (name: string) => grid.getByRole('gridcell', { name, exact: true });
  await cell('Mercury').hover();
  await page.mouse.down();
  await cell('0,72').hover();
  await page.mouse.up();
  await expect(grid.locator('[aria-selected=true]')).toHaveCount(6);
  await pressKeys(page, 'Control+c');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe('Mercury\t0\t0,39\nVenus\t0\t0,72');

  await page.evaluate(() =>
    navigator.clipboard.writeText('Earth\t1\t1,00\tblue\r\nX\t"a ""b"""\t\t'),
  );
  await cell('Mars').click();
  await pressKeys(page, 'Control+v');
  await expect
    .poll(() => storedContent(chat))
    .toBe(SHEET.replace('Mars;2;"1,52"', 'Earth;1;1,00;blue\nX;"a ""b""";;'));
  await pressKeys(page, 'Control+x', 'Control+z', 'Control+z');
  await expect.poll(() => storedContent(chat)).toBe(SHEET);
});

test('rows and columns are added, removed and sorted by menu and keyboard', async ({
  chat,
  page,
}) => {
  const grid = await createSheet(chat, 'name,n\nb,10\na,9\n');
  const choose = (name: string | RegExp) => page.getByRole('menuitem', { name }).click();
  await grid.getByRole('gridcell', { name: '10' }).click({ button: 'right' });
  await choose('Sort rows, ascending');
  await expect.poll(() => storedContent(chat)).toBe('name,n\na,9\nb,10\n');
  await expect(grid).toBeFocused();
  await pressKeys(page, 'Shift+F10');
  await choose(/^Insert column left/);
  await expect.poll(() => storedContent(chat)).toBe('name,,n\na,,9\nb,,10\n');
  await pressKeys(page, 'Alt+Shift+ArrowDown');
  await page.keyboard.type('new');
  await pressKeys(page, 'Enter', 'Control+Home', 'Alt+Shift+Backspace');
  await expect.poll(() => storedContent(chat)).toBe('a,,9\n,new,\nb,,10\n');
  await page.getByRole('button', { name: 'Rows and columns' }).click();
  await choose(/^Delete column/);
  await expect.poll(() => storedContent(chat)).toBe(',9\nnew,\n,10\n');
});

test('a change of the selected cells can be requested', async ({ chat, page }) => {
  const grid = await createSheet(chat, SHEET);
  await grid.focus();
  await pressKeys(page, 'ArrowDown', 'Shift+ArrowRight');
  // Escape reduces a range to its first cell.
  await pressKeys(page, 'Escape', 'Shift+ArrowRight');
  await page.getByRole('button', { name: 'Ask for a change' }).click();
  await expect(chat.messageBox).toBeFocused();
  await expect(page.getByRole('group', { name: 'What the message is about' })).toContainText(
    'About “Notes”, row 1 of “planet” to “moons”: “Mercury 0”',
  );

  await grid.focus();
  await pressKeys(page, 'Control+Home', 'ArrowDown');
  await page.keyboard.type('Hermes');
  await pressKeys(page, 'Enter');
  const panel = page.getByRole('complementary', { name: 'Document' });
  await expect(panel).toContainText('Saved');
  await panel.getByRole('button', { name: 'Previous version' }).click();
  await expect(panel).toContainText('Version 1 of 2');
  await expect(grid).toHaveAttribute('aria-readonly', 'true');
  await grid.getByRole('gridcell', { name: 'Mars' }).click();
  await pressKeys(page, 'Alt+Enter');
  await expect(chat.messageBox).toBeFocused();
  await expect(page.getByRole('group', { name: 'What the message is about' })).toContainText(
    'About “Notes”, version 1, row 3 of “planet”: “Mars”',
  );
  await panel.getByRole('button', { name: 'Ask for a change' }).click();
  await expect(chat.messageBox).toBeFocused();
});

test('Tab moves from cell to cell, and Escape leaves the grid', async ({ chat, page }) => {
  const grid = await createSheet(chat, SHEET);
  await grid.focus();
  await pressKeys(page, 'Tab', 'Tab', 'Tab');
  await page.keyboard.type('Hermes');
  await pressKeys(page, 'Enter');
  await expect(grid.getByRole('gridcell', { name: 'Hermes' })).toBeVisible();
  await pressKeys(page, 'Escape');
  await expect(page.getByRole('button', { name: 'Rows and columns' })).toBeFocused();
  await pressKeys(page, 'Escape');
  await expect(grid).toHaveCount(0);
});

test('rows are appended while they are streamed, and the scroll position of the user is kept', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendMessage(
    scenario('document', { kind: 'sheet', lines: 900, rate: 1_500, hold: 1_200 }),
  );
  const grid = gridOf(page);
  await expect(grid).toHaveAttribute('aria-rowcount', /^(599|600|601)$/);
  await page.waitForTimeout(500);
  const last = async () => Number(await grid.getAttribute('aria-rowcount')) - 1;
  await expect(
    grid.getByRole('rowheader', { name: String(await last()), exact: true }),
  ).toBeInViewport();
  await expect(grid.getByRole('columnheader', { name: 'square' })).toBeInViewport();
  const box = await grid.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 150, 400);
  await page.mouse.wheel(0, -3_000);
  await page.waitForTimeout(300);
  const before = await scrollTopOf(grid);
  model.release();
  await chat.waitUntilFinished();
  await expect(grid).toHaveAttribute('aria-rowcount', '900');
  expect(await scrollTopOf(grid)).toBe(before);
  await expect(grid).toHaveAttribute('aria-readonly', 'false');
});

test('20,000 rows can be scrolled, edited and saved', async ({ chat, page }) => {
  await chat.open();
  await chat.sendAndWait(scenario('document', { kind: 'sheet', lines: 20_000, rate: 60_000 }));
  const grid = gridOf(page);
  await expect(grid).toHaveAttribute('aria-rowcount', '20000');
  const frames = await grid.evaluate(async (table) => {
    const box = table.parentElement?.parentElement as HTMLElement;
    const { left, top, height } = box.getBoundingClientRect();
    let empty = 0;
    for (let i = 0; i < 120; i++) {
      box.scrollTop += 400;
      await new Promise<number>(requestAnimationFrame);
      if (document.elementFromPoint(left + 120, top + height / 2)?.tagName !== 'TD') empty++;
    }
    return { empty, rendered: table.querySelectorAll('tr').length };
  });
  // Every frame contains rows.
  expect(frames.empty).toBe(0);
  expect(frames.rendered).toBeLessThan(100);
  await grid.focus();
  const active = grid.locator('[data-active]');
  await pressKeys(page, 'Control+Home');
  for (let row = 1; row <= 60; row++) {
    await page.keyboard.press('ArrowDown');
    // Scrolled into view by this key press, not by the next one.
    expect(await isFullyVisible(active), `row ${row}`).toBe(true);
  }
  await pressKeys(page, 'Control+End');
  expect(await isFullyVisible(active)).toBe(true);
  await expect(active).toHaveAttribute(
    'id',
    (await grid.getAttribute('aria-activedescendant')) ?? '',
  );
  await page.keyboard.type('the end');
  await expect(page.getByRole('textbox', { name: /row 19999/ })).toBeInViewport({ ratio: 1 });
  await pressKeys(page, 'Enter');
  await expect
    .poll(() => storedContent(chat), { timeout: 20_000 })
    .toMatch(/row 19998,19998,\d+\nrow 19999,19999,the end$/);
  // The header row is sticky: moving to it scrolls the table to its start.
  await pressKeys(page, 'Control+Home');
  expect(await scrollTopOf(grid)).toBe(0);
  await pressKeys(page, 'Control+End', 'Control+ArrowUp');
  expect(await scrollTopOf(grid)).toBe(0);
});

test('a Markdown table becomes cells, a first line sets the delimiter, and formulas are downloaded as text', async ({
  chat,
  page,
}) => {
  const grid = await createSheet(
    chat,
    '| name | sum |\n| --- | ---: |\n| a, b | =1+1 |\n| c | -5 |\n',
  );
  await expect(grid.getByRole('gridcell', { name: 'a, b', exact: true })).toBeVisible();
  expect(await storedContent(chat)).toBe('name,sum\n"a, b",=1+1\nc,-5\n');
  const panel = page.getByRole('complementary', { name: 'Document' });
  const download = async (name: RegExp) => {
    await panel.getByRole('button', { name: 'More for this document' }).click();
    const started = page.waitForEvent('download');
    await page.getByRole('menuitem', { name }).click();
    return readFile(await (await started).path(), 'utf8');
  };
  expect(await download(/^Download as CSV 1 cell would run as a formula/)).toBe(
    'name,sum\n"a, b",\'=1+1\nc,-5\n',
  );
  expect(await download(/^Download as CSV, unchanged/)).toBe(await storedContent(chat));
});

test('a comparison shows changed rows and cells, and older versions are read-only', async ({
  chat,
  page,
}) => {
  const grid = await createSheet(chat, SHEET);
  await grid.getByRole('gridcell', { name: '2', exact: true }).click();
  await page.keyboard.type('3');
  await pressKeys(page, 'Enter');
  await expect.poll(() => storedContent(chat)).toContain('Mars;3');
  const panel = page.getByRole('complementary', { name: 'Document' });
  await panel.getByRole('button', { name: 'Changes' }).click();
  const changes = panel.getByRole('region', { name: 'Changes' });
  await expect(changes.getByRole('deletion')).toHaveText('2');
  await expect(changes.getByRole('insertion')).toHaveText('3');
  await expect(changes).toContainText('1 row changed.');
  await expectAccessible(page, '[data-document-panel]');
  await panel.getByRole('button', { name: 'Changes' }).click();
  await panel.getByRole('button', { name: 'Previous version' }).click();
  await expect(grid).toHaveAttribute('aria-readonly', 'true');
  await grid.focus();
  await pressKeys(page, 'ArrowDown', 'Delete', 'x', 'Enter');
  await expect(panel.getByRole('textbox', { name: 'planet, row 1' })).toHaveValue('Mercury');
});

test('the table has no accessibility violations in both themes and on a phone', async ({
  chat,
  page,
}) => {
  await createSheet(chat, SHEET);
  await expectAccessible(page, '[data-document-panel]');
  await page.setViewportSize({ width: 360, height: 640 });
  await expectAccessible(page, '[data-document-panel]');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

  test('a first tap selects a cell, and a second one opens it', async ({ chat, page }) => {
    const grid = await createSheet(chat, SHEET);
    const cell = grid.getByRole('gridcell', { name: 'Venus' });
    await cell.tap();
    await expect(cell).toHaveAttribute('aria-selected', 'true');
    await expect(grid).toBeFocused();
    await cell.tap();
    await page.keyboard.type('!');
    await page.getByRole('gridcell', { name: 'Mercury' }).tap();
    await expect.poll(() => storedContent(chat)).toContain('Venus!;0');
  });
});

/** Whether the cell is rendered, in view, and not covered by the header row. */
async function isFullyVisible(cell: Locator): Promise<boolean> {
  const found = await cell.elementHandles();
  if (found.length !== 1) return false;
  return cell.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const hits = [top + 2, bottom - 2].map((y) => document.elementFromPoint((left + right) / 2, y));
    return hits.every((hit) => hit !== null && element.contains(hit));
  });
}

function gridOf(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Document' }).getByRole('grid');
}

/** Has the model write a sheet. @returns its editable grid */
async function createSheet(chat: ChatPage, content: string): Promise<Locator> {
  await createDocument(chat, { kind: 'sheet', content, rate: 30 });
  const grid = gridOf(chat.page);
  await expect(grid).toHaveAttribute('aria-readonly', 'false');
  return grid;
}

async function pressKeys(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Content of the newest version on the server. */
async function storedContent(chat: ChatPage): Promise<string> {
  return (await fetchLatestDocument(chat)).content;
}

async function scrollTopOf(grid: Locator): Promise<number> {
  return grid.evaluate((table) => table.parentElement?.parentElement?.scrollTop ?? 0);
}
