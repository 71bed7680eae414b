import { readFile } from 'node:fs/promises';
import { expect, test } from '@/tests/support/e2e';
import { cardOf, DocumentPanel, writeDocument } from '@/tests/support/e2e-panel';
import { scenario } from '@/tests/support/model-server/scenario-line';

const PLAN = { title: 'Plan', content: '# Plan\n\nFirst the old part.\n\nThen the rest.' };
const EDIT = { edits: [{ find: 'old part', replace: 'new part' }] };

for (const [kind, first, last] of [
  ['text', 'Line 0 of the text.', 'Line 79 of the text.'],
  ['code', 'const line0 = 0;', 'const line79 = 79;'],
  ['sheet', 'row 1', 'row 79'],
] as const) {
  test(`a ${kind} is written live, beside the chat, and is its first version`, async ({
    chat,
    page,
    model,
  }) => {
    const panel = new DocumentPanel(page);
    await chat.open();
    await chat.ask(scenario('document', { title: 'Live', kind, lines: 80, rate: 0, hold: 40 }));
    await expect(panel.root).toContainText('Writing…');
    await expect(panel.root).toContainText(first);
    await expect(panel.root).toHaveAttribute('aria-busy', 'true');
    await expect(panel.root).not.toContainText(last);
    await expect(cardOf(page, 'Live')).toContainText('Writing…');
    // The model opens it; whoever writes goes on writing.
    await expect(chat.field).toBeFocused();
    model.release();
    await chat.finished();
    await panel.isAt(1, 1, 'the model');
    await expect(panel.root).toHaveAttribute('aria-busy', 'false');
    await expect(cardOf(page, 'Live')).toContainText('version 1');
    await expect(chat.field).toBeFocused();
  });
}

test('a document closed while it is written can be watched again', async ({
  chat,
  page,
  model,
}) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.ask(scenario('document', { title: 'Long', n: 60, rate: 0, hold: 20 }));
  await expect(panel.root).toContainText('d15');
  await panel.button('Close document').click();
  await expect(panel.root).toHaveCount(0);
  await cardOf(page, 'Long').getByRole('button', { name: 'Watch' }).click();
  await expect(panel.root).toContainText('d15');
  model.release();
  await expect(panel.root).toContainText('d59');
  await panel.isAt(1, 1, 'the model');
});

test('a second tab sees a document as it is written, and an update of one that is open', async ({
  chat,
  page,
  openTab,
  model,
}) => {
  await chat.open();
  await chat.ask(scenario('document', { title: 'Shared', n: 40, rate: 0, hold: 20 }));
  await expect(new DocumentPanel(page).root).toContainText('d15');
  const other = await openTab();
  await other.open(`/chat/${await chat.chatId()}`);
  const theirs = new DocumentPanel(other.page);
  await expect(theirs.root).toContainText('d15');
  await expect(theirs.root).toContainText('Writing…');
  model.release();
  await expect(theirs.root).toContainText('d39');
  await theirs.isAt(1, 1, 'the model');
  await chat.finished();
  await chat.askAndWait(scenario('update', { edits: [{ find: 'd39', replace: 'changed' }] }));
  await theirs.isAt(2, 2, 'the model');
  await expect(theirs.root).toContainText('changed');
});

test('versions are stepped through, compared and restored, and a card opens the one it made', async ({
  chat,
  page,
}) => {
  const panel = await writeDocument(chat, PLAN);
  await chat.askAndWait(scenario('update', EDIT));
  await panel.isAt(2, 2, 'the model');
  await expect(panel.root).toContainText('new part');
  await panel.button('Previous version').click();
  await panel.isAt(1, 2, 'the model');
  await expect(panel.root).toContainText('old part');
  await expect(panel.button('Previous version')).toHaveAttribute('aria-disabled', 'true');
  await panel.button('Next version').click();
  await panel.isAt(2, 2, 'the model');

  await panel.button('Changes').click();
  const changes = panel.root.getByRole('region', { name: 'Changes' });
  await expect(changes.locator('del')).toHaveText(/old/);
  await expect(changes.locator('ins')).toHaveText(/new/);
  await panel.button('Changes').click();
  await expect(changes).toHaveCount(0);

  const [made, updated] = [cardOf(page, 'Plan').first(), cardOf(page, 'Plan').last()];
  await expect(updated).toContainText('Updated · version 2');
  await made.getByRole('button', { name: 'Open' }).click();
  await panel.isAt(1, 2, 'the model');
  await panel.button('Restore').click();
  await panel.isAt(3, 3, 'you');
  await expect(panel.root).toContainText('old part');
  await updated.getByRole('button', { name: 'Open' }).click();
  await panel.isAt(2, 3, 'the model');
  await expect(panel.root).toContainText('new part');
  // Steps that are quicker than the server count all the same.
  await panel.button('Next version').click();
  await panel.isAt(3, 3, 'you');
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/api\/document\/[^/]+\?/, async (route) => {
    await held;
    await route.continue();
  });
  await panel.button('Previous version').click();
  await panel.button('Previous version').click();
  letGo();
  await panel.isAt(1, 3, 'the model');
});

test('a version leads to the message that it came with, and says what it repeats', async ({
  chat,
  page,
}) => {
  const panel = await writeDocument(chat, PLAN);
  await chat.askAndWait(scenario('tokens', { n: 400, rate: 0 }));
  await chat.askAndWait(scenario('update', EDIT));
  await panel.isAt(2, 2, 'the model');
  await panel.button('Previous version').click();
  await panel.isAt(1, 2, 'the model');
  await expect(cardOf(page, 'Plan').first()).not.toBeInViewport();
  await panel.button('by the model: show the message').click();
  await expect(cardOf(page, 'Plan').first()).toBeInViewport();
  await expect(chat.answers.first()).toBeFocused();
  await panel.button('Restore').click();
  await panel.isAt(3, 3, 'you');
  await expect(panel.version).toContainText('by you, version 1 restored');
  await expect(panel.button('by you: show the message')).toHaveCount(0);
});

test('an edit that cannot be made says why on its card', async ({ chat, page }) => {
  await chat.open();
  await chat.askAndWait(scenario('document', PLAN));
  await chat.askAndWait(scenario('update', { edits: [{ find: 'nowhere', replace: 'x' }] }));
  const tool = chat.answer.getByRole('region', { name: 'Tool: Update document' });
  await expect(tool).toContainText('Failed');
  await expect(new DocumentPanel(page).version).toContainText('Version 1 of 1');
});

test('what breaks off is kept, and said to be cut short', async ({ chat, page }) => {
  const panel = await writeDocument(chat, { title: 'Cut', n: 40, die: 20 });
  await expect(panel.root).toContainText('cut short');
  await expect(panel.root).toContainText('d10');
  await expect(cardOf(page, 'Cut')).toContainText('was cut off');
});

test('a stop keeps what was written of a document', async ({ chat, page }) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.ask(scenario('document', { title: 'Stopped', n: 60, rate: 0, hold: 20 }));
  await expect(panel.root).toContainText('d15');
  await chat.stopButton.click();
  await chat.finished();
  await panel.isAt(1, 1, 'the model');
  await expect(panel.root).toContainText('d15');
  await expect(panel.root).toContainText('cut short');
});

test('a document is renamed in place, and the chat lists it', async ({ chat, page, openTab }) => {
  const panel = await writeDocument(chat, PLAN);
  await chat.askAndWait(
    scenario('document', { title: 'Cells', kind: 'sheet', content: 'a,b\n1,2', rate: 0 }),
  );
  await expect(panel.root.getByRole('heading', { name: 'Cells' })).toBeVisible();
  await panel.choose('Rename');
  await page.keyboard.type('Numbers');
  await page.keyboard.press('Enter');
  await expect(panel.root.getByRole('heading', { name: 'Numbers', level: 2 })).toBeVisible();
  await expect(panel.root).toBeVisible();
  const download = page.waitForEvent('download');
  await panel.choose('Download as CSV');
  expect((await download).suggestedFilename()).toBe('Numbers.csv');
  // Left by a click, the title leaves the focus where that has put it.
  await panel.choose('Rename');
  await page.keyboard.type('Figures');
  await chat.field.click();
  await expect(panel.root.getByRole('heading', { name: 'Figures', level: 2 })).toBeVisible();
  await expect(chat.field).toBeFocused();

  const list = page.getByRole('button', { name: 'Documents of this chat: 2' });
  await list.click();
  const items = page.getByRole('menuitem');
  await expect(items).toHaveText([/Plan.*version 1/s, /Figures.*version 1/s]);
  await items.first().click();
  await expect(panel.root.getByRole('heading', { name: 'Plan', level: 2 })).toBeVisible();
  await expect(panel.root).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel.root).toHaveCount(0);
  await expect(list).toBeFocused();

  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await other.page.getByRole('button', { name: 'Documents of this chat: 2' }).click();
  await expect(other.page.getByRole('menuitem', { name: /Figures/ })).toBeVisible();
});

test('a document is copied and downloaded', async ({ chat, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const panel = await writeDocument(chat, PLAN);
  await panel.button('Copy document').click();
  await expect(panel.button('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(PLAN.content);

  async function download(item: string): Promise<{ name: string; bytes: Buffer }> {
    const started = page.waitForEvent('download');
    await panel.choose(item);
    const file = await started;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  }
  const markdown = await download('Download as Markdown');
  expect(markdown).toEqual({ name: 'Plan.md', bytes: Buffer.from(PLAN.content) });
  const html = await download('Download as HTML');
  expect(html.name).toBe('Plan.html');
  expect(html.bytes.toString()).toContain('<h1>Plan</h1>');
  const word = await download('Download as Word');
  expect(word.name).toBe('Plan.docx');
  expect(word.bytes.subarray(0, 2).toString()).toBe('PK');

  await chat.askAndWait(
    scenario('document', { title: 'Tool', kind: 'code', language: 'python', content: 'print(1)' }),
  );
  expect(await download('Download as .py')).toEqual({
    name: 'Tool.py',
    bytes: Buffer.from('print(1)'),
  });
});
