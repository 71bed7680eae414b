import { readFile } from 'node:fs/promises';
import { createDocument, DocumentPanel, documentCard } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { holdRequests } from '@/tests/support/e2e/hold-requests';
import { scenario } from '@/tests/support/model-server/scenario-line';

const PLAN = { title: 'Plan', content: '# Plan\n\nFirst the old part.\n\nThen the rest.' };
const EDIT = { edits: [{ find: 'old part', replace: 'new part' }] };

for (const [kind, first, last] of [
  ['text', 'Line 0 of the text.', 'Line 79 of the text.'],
  ['code', 'const line0 = 0;', 'const line79 = 79;'],
  ['sheet', 'row 1', 'row 79'],
] as const) {
  test(`a ${kind} is streamed next to the chat and is stored as its first version`, async ({
    chat,
    page,
    model,
  }) => {
    const panel = new DocumentPanel(page);
    await chat.open();
    await chat.sendMessage(
      scenario('document', { title: 'Live', kind, lines: 80, rate: 0, hold: 40 }),
    );
    await expect(panel.root).toContainText('Writing…');
    await expect(panel.root).toContainText(first);
    await expect(panel.root).toHaveAttribute('aria-busy', 'true');
    await expect(panel.root).not.toContainText(last);
    await expect(documentCard(page, 'Live')).toContainText('Writing…');
    // The panel opens without taking the focus from the message box.
    await expect(chat.messageBox).toBeFocused();
    model.release();
    await chat.waitUntilFinished();
    await panel.expectVersion(1, 1, 'the model');
    await expect(panel.root).toHaveAttribute('aria-busy', 'false');
    await expect(documentCard(page, 'Live')).toContainText('version 1');
    await expect(chat.messageBox).toBeFocused();
  });
}

test('a document that was closed while it is streamed can be opened again', async ({
  chat,
  page,
  model,
}) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.sendMessage(scenario('document', { title: 'Long', n: 60, rate: 0, hold: 20 }));
  await expect(panel.root).toContainText('d15');
  await panel.button('Close document').click();
  await expect(panel.root).toHaveCount(0);
  await documentCard(page, 'Long').getByRole('button', { name: 'Watch' }).click();
  await expect(panel.root).toContainText('d15');
  model.release();
  await expect(panel.root).toContainText('d59');
  await panel.expectVersion(1, 1, 'the model');
});

test('a second tab follows a document that is being streamed, and an update of an open one', async ({
  chat,
  page,
  openTab,
  model,
}) => {
  await chat.open();
  await chat.sendMessage(scenario('document', { title: 'Shared', n: 40, rate: 0, hold: 20 }));
  await expect(new DocumentPanel(page).root).toContainText('d15');
  const other = await openTab();
  await other.open(`/chat/${await chat.chatId()}`);
  const otherPanel = new DocumentPanel(other.page);
  await expect(otherPanel.root).toContainText('d15');
  await expect(otherPanel.root).toContainText('Writing…');
  model.release();
  await expect(otherPanel.root).toContainText('d39');
  await otherPanel.expectVersion(1, 1, 'the model');
  await chat.waitUntilFinished();
  await chat.sendAndWait(scenario('update', { edits: [{ find: 'd39', replace: 'changed' }] }));
  await otherPanel.expectVersion(2, 2, 'the model');
  await expect(otherPanel.root).toContainText('changed');
});

test('versions can be browsed, compared and restored, and a card opens the version it created', async ({
  chat,
  page,
}) => {
  const panel = await createDocument(chat, PLAN);
  await chat.sendAndWait(scenario('update', EDIT));
  await panel.expectVersion(2, 2, 'the model');
  await expect(panel.root).toContainText('new part');
  await panel.button('Previous version').click();
  await panel.expectVersion(1, 2, 'the model');
  await expect(panel.root).toContainText('old part');
  await expect(panel.button('Previous version')).toHaveAttribute('aria-disabled', 'true');
  await panel.button('Next version').click();
  await panel.expectVersion(2, 2, 'the model');

  await panel.button('Changes').click();
  const changes = panel.root.getByRole('region', { name: 'Changes' });
  await expect(changes.locator('del')).toHaveText(/old/);
  await expect(changes.locator('ins')).toHaveText(/new/);
  await panel.button('Changes').click();
  await expect(changes).toHaveCount(0);

  const [createdCard, updatedCard] = [
    documentCard(page, 'Plan').first(),
    documentCard(page, 'Plan').last(),
  ];
  await expect(updatedCard).toContainText('Updated · version 2');
  await createdCard.getByRole('button', { name: 'Open' }).click();
  await panel.expectVersion(1, 2, 'the model');
  await panel.button('Restore').click();
  await panel.expectVersion(3, 3, 'you');
  await expect(panel.root).toContainText('old part');
  await updatedCard.getByRole('button', { name: 'Open' }).click();
  await panel.expectVersion(2, 3, 'the model');
  await expect(panel.root).toContainText('new part');
  // Clicks that are faster than the server's responses count too.
  await panel.button('Next version').click();
  await panel.expectVersion(3, 3, 'you');
  const release = await holdRequests(page, /\/api\/document\/[^/]+\?/);
  await panel.button('Previous version').click();
  await panel.button('Previous version').click();
  release();
  await panel.expectVersion(1, 3, 'the model');
});

test('a version links to its message and says which version it restores', async ({
  chat,
  page,
}) => {
  const panel = await createDocument(chat, PLAN);
  await chat.sendAndWait(scenario('tokens', { n: 400, rate: 0 }));
  await chat.sendAndWait(scenario('update', EDIT));
  await panel.expectVersion(2, 2, 'the model');
  await panel.button('Previous version').click();
  await panel.expectVersion(1, 2, 'the model');
  await expect(documentCard(page, 'Plan').first()).not.toBeInViewport();
  await panel.button('by the model: show the message').click();
  await expect(documentCard(page, 'Plan').first()).toBeInViewport();
  await expect(chat.answers.first()).toBeFocused();
  await panel.button('Restore').click();
  await panel.expectVersion(3, 3, 'you');
  await expect(panel.versionLabel).toContainText('by you, version 1 restored');
  await expect(panel.button('by you: show the message')).toHaveCount(0);
});

test('an edit that cannot be applied shows the reason on its card', async ({ chat, page }) => {
  await chat.open();
  await chat.sendAndWait(scenario('document', PLAN));
  await chat.sendAndWait(scenario('update', { edits: [{ find: 'nowhere', replace: 'x' }] }));
  const tool = chat.answer.getByRole('region', { name: 'Tool: Update document' });
  await expect(tool).toContainText('Failed');
  await expect(new DocumentPanel(page).versionLabel).toContainText('Version 1 of 1');
});

test('an interrupted document is stored and marked as incomplete', async ({ chat, page }) => {
  const panel = await createDocument(chat, { title: 'Cut', n: 40, disconnect: 20 });
  await expect(panel.root).toContainText('This version is incomplete');
  await expect(panel.root).toContainText('d10');
  await expect(documentCard(page, 'Cut')).toContainText('was cut off');
});

test('stopping an answer stores the partial document', async ({ chat, page }) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.sendMessage(scenario('document', { title: 'Stopped', n: 60, rate: 0, hold: 20 }));
  await expect(panel.root).toContainText('d15');
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  await panel.expectVersion(1, 1, 'the model');
  await expect(panel.root).toContainText('d15');
  await expect(panel.root).toContainText('This version is incomplete');
});

test('a document is renamed in place, and the chat lists it', async ({ chat, page, openTab }) => {
  const panel = await createDocument(chat, PLAN);
  await chat.sendAndWait(
    scenario('document', { title: 'Cells', kind: 'sheet', content: 'a,b\n1,2', rate: 0 }),
  );
  await expect(panel.root.getByRole('heading', { name: 'Cells' })).toBeVisible();
  await panel.chooseMenuItem('Rename');
  await page.keyboard.type('Numbers');
  await page.keyboard.press('Enter');
  await expect(panel.root.getByRole('heading', { name: 'Numbers', level: 2 })).toBeVisible();
  await expect(panel.root).toBeVisible();
  const download = page.waitForEvent('download');
  await panel.chooseMenuItem('Download as CSV');
  expect((await download).suggestedFilename()).toBe('Numbers.csv');
  // A click that ends the renaming keeps the focus on the clicked element.
  await panel.chooseMenuItem('Rename');
  await page.keyboard.type('Figures');
  await chat.messageBox.click();
  await expect(panel.root.getByRole('heading', { name: 'Figures', level: 2 })).toBeVisible();
  await expect(chat.messageBox).toBeFocused();

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

test('a document can be copied and downloaded', async ({ chat, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  // The page decodes names of characters with the DOM, the worker that converts the text cannot.
  const plan = { ...PLAN, content: `${PLAN.content}\n\n&copy; &notit; &nosuch;\n` };
  const panel = await createDocument(chat, plan);
  await panel.button('Copy document').click();
  await expect(panel.button('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(plan.content);

  async function download(item: string): Promise<{ name: string; bytes: Buffer }> {
    const started = page.waitForEvent('download');
    await panel.chooseMenuItem(item);
    const file = await started;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  }
  const markdown = await download('Download as Markdown');
  expect(markdown).toEqual({ name: 'Plan.md', bytes: Buffer.from(plan.content) });
  const html = await download('Download as HTML');
  expect(html.name).toBe('Plan.html');
  expect(html.bytes.toString()).toContain('<h1>Plan</h1>');
  expect(html.bytes.toString()).toContain('<p>© &#x26;notit; &#x26;nosuch;</p>');
  const word = await download('Download as Word');
  expect(word.name).toBe('Plan.docx');
  expect(word.bytes.subarray(0, 2).toString()).toBe('PK');

  await chat.sendAndWait(
    scenario('document', { title: 'Tool', kind: 'code', language: 'python', content: 'print(1)' }),
  );
  expect(await download('Download as .py')).toEqual({
    name: 'Tool.py',
    bytes: Buffer.from('print(1)'),
  });
});
