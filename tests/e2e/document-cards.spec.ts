/** Document cards in a chat: each opens exactly its own version, despite later versions. */
import type { Page } from '@playwright/test';
import { createDocument, DocumentPanel, documentCard } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { holdRequests } from '@/tests/support/e2e/hold-requests';
import { scenario } from '@/tests/support/model-server/scenario-line';

/** Clicks Open on a card. */
async function openCard(page: Page, title: string, index = 0): Promise<DocumentPanel> {
  await documentCard(page, title).nth(index).getByRole('button', { name: 'Open' }).click();
  return new DocumentPanel(page);
}

test('a card opens its own version among many, after a reload and in another tab', async ({
  chat,
  page,
  openTab,
}) => {
  await chat.open();
  const document = { title: 'Long', content: 'zero', rate: 0 };
  await chat.sendAndWait(scenario('document', document));
  const list = await page.request.get(`/api/chat/${await chat.chatId()}/documents`);
  const [{ id }] = await list.json();
  /** The version list merges consecutive saves: most of these versions are not listed. */
  async function saveVersions(from: number, to: number) {
    for (let version = from; version <= to; version++) {
      const data = { saveId: `save ${version}`, baseVersion: version - 1, content: `w${version}` };
      const response = await page.request.post(`/api/document/${id}/versions`, { data });
      expect(await response.json()).toEqual({ version, latest: version });
    }
  }
  await saveVersions(2, 40);
  await chat.sendAndWait(scenario('update', { edits: [{ find: 'w40', replace: 'forty-one' }] }));
  await saveVersions(42, 79);
  await chat.sendAndWait(scenario('update', { edits: [{ find: 'w79', replace: 'eighty' }] }));

  async function expectCardsOpenOwnVersion(targetPage: Page, latest: number) {
    for (const [index, version, text] of [
      [1, 41, 'forty-one'],
      [0, 1, 'zero'],
      [2, 80, 'eighty'],
      [1, 41, 'forty-one'],
    ] as const) {
      if (index > 0)
        await expect(documentCard(targetPage, 'Long').nth(index)).toContainText(`${version}`);
      const panel = await openCard(targetPage, 'Long', index);
      await panel.expectVersion(version, latest, 'the model');
      await expect(panel.root.getByText(text, { exact: true })).toBeVisible();
      await expect(panel.button('Restore')).toHaveCount(version < latest ? 1 : 0);
    }
  }
  await expectCardsOpenOwnVersion(page, 80);
  await chat.reload();
  await expectCardsOpenOwnVersion(page, 80);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await expectCardsOpenOwnVersion(other.page, 80);

  // Later versions change neither the open panel nor the cards.
  await saveVersions(81, 82);
  await new DocumentPanel(other.page).expectVersion(41, 82, 'the model');
  await expectCardsOpenOwnVersion(page, 82);
});

test('a panel that loads late does not take the focus from a user who is typing', async ({
  chat,
  page,
  openTab,
}) => {
  await createDocument(chat, { title: 'Late', content: 'words' });
  const tab = await openTab();
  await tab.open(new URL(page.url()).pathname);
  const release = await holdRequests(tab.page, /\/_next\/static\//);
  const panel = await openCard(tab.page, 'Late');
  await tab.messageBox.click();
  await tab.page.keyboard.type('I go on ');
  release();
  await panel.expectVersion(1, 1, 'the model');
  await tab.page.keyboard.type('typing');
  await expect(tab.messageBox).toHaveValue('I go on typing');
});

test('a menu or a list that loads late does not open over a user who is typing', async ({
  chat,
  page,
  openTab,
}) => {
  await createDocument(chat, { title: 'Late', content: 'words' });
  const path = new URL(page.url()).pathname;
  for (const name of [/^Model: /, /^Account: /, /^Options for /]) {
    // A new tab each time: menus share most of their code.
    const tab = await openTab();
    await tab.open(path);
    // The draft of the previous tab is restored.
    await tab.messageBox.clear();
    const trigger = tab.page.getByRole('button', { name }).first();
    await expect(trigger).toBeVisible();
    const release = await holdRequests(tab.page, /\/_next\/static\//);
    await trigger.click();
    await expect(trigger).toHaveAttribute('aria-expanded', 'true');
    await tab.messageBox.click();
    await tab.page.keyboard.type('I go on ');
    release();
    await expect(trigger).toHaveAttribute('aria-expanded', 'false');
    await tab.page.keyboard.type('typing');
    await expect(tab.messageBox).toHaveValue('I go on typing');
    await expect(tab.page.getByRole('menu').or(tab.page.getByRole('dialog'))).toHaveCount(0);
    // It is loaded now and opens on the next click.
    await trigger.click();
    await expect(tab.page.getByRole('menu').or(tab.page.getByRole('dialog'))).toBeVisible();
    await tab.page.close();
  }
});

test('the card of a stopped document opens its partial version', async ({
  chat,
  page,
  openTab,
}) => {
  await chat.open();
  await chat.sendMessage(scenario('document', { title: 'Stopped', n: 60, rate: 0, hold: 20 }));
  await expect(new DocumentPanel(page).root).toContainText('d15');
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  /** Expects the card's text and the version it opens. */
  async function expectOpensPartialVersion(targetPage: Page, latest: number) {
    const card = documentCard(targetPage, 'Stopped').first();
    await expect(card).toContainText(
      'The writing was stopped. What was written until then is kept.',
    );
    const panel = await openCard(targetPage, 'Stopped');
    await panel.expectVersion(1, latest, 'the model');
    await expect(panel.root).toContainText('d15');
    await expect(panel.root).not.toContainText('d30');
    await expect(panel.root).toContainText('This version is incomplete');
  }
  await expectOpensPartialVersion(page, 1);
  await chat.reload();
  await expectOpensPartialVersion(page, 1);

  // The next version belongs to another card; this card keeps opening its own.
  await chat.sendAndWait(scenario('update', { edits: [{ find: 'd15', replace: 'changed' }] }));
  await new DocumentPanel(page).expectVersion(2, 2, 'the model');
  await expectOpensPartialVersion(page, 2);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await expectOpensPartialVersion(other.page, 2);
});

test('the card of a stopped update opens its partial version next to the edit of the user', async ({
  chat,
  page,
}) => {
  const table = { title: 'Table', kind: 'sheet', content: 'name,value\nfirst,one', rate: 0 };
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.sendAndWait(scenario('document', table));
  const rewrite = { kind: 'sheet', content: 'name,value\nfirst,two three', rate: 0, hold: 2 };
  await chat.sendMessage(scenario('update', { instructions: 'Anew.', ...rewrite }));
  await expect(panel.root).toHaveAttribute('aria-busy', 'true');
  await expect(panel.root).toContainText('two');
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  await panel.expectVersion(2, 2, 'the model');
  await panel.editCell('two', 'mine');
  await expect(panel.saveStatus).toHaveText('Saved');
  await chat.reload();
  const updated = documentCard(page, 'Table').last();
  await expect(updated).toContainText('Updated');
  await expect(updated).toContainText('The writing was stopped.');
  await openCard(page, 'Table', 1);
  await panel.expectVersion(2, 3, 'the model');
  await expect(panel.root).toContainText('This version is incomplete');
  await expect(panel.cell('two')).toBeVisible();
});

test('a document that was stopped before its first token is not created, and its card says so', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.sendMessage(scenario('document', { title: 'Nothing', n: 60, rate: 0, hold: 0 }));
  await expect(documentCard(page, 'Nothing')).toContainText('Writing…');
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    const tool = chat.answer.getByRole('region', { name: 'Tool: Create document' });
    await expect(tool).toContainText('Not finished');
    await expect(page.getByRole('button', { name: /^Documents of this chat/ })).toHaveCount(0);
  }
});

test('the card of a document that a crash interrupted opens the version with everything that was displayed', async ({
  chat,
  page,
  startFreshApp,
  monitor,
}) => {
  // 503: the app has started again and has no connection to its database yet.
  monitor.allowErrors(/net::ERR_|status of 503/);
  const app = await startFreshApp({});
  const panel = new DocumentPanel(page);
  await chat.open(app.baseUrl);
  await chat.sendMessage(scenario('document', { title: 'Crashed', n: 60, rate: 0, hold: 20 }));
  await expect(panel.root).toContainText('d15');
  await app.kill9();
  await app.restart();
  await chat.waitUntilFinished();
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    await expect(documentCard(page, 'Crashed')).toContainText('The writing was interrupted.');
    await openCard(page, 'Crashed');
    await panel.expectVersion(1, 1, 'the model');
    await expect(panel.root).toContainText('d15');
    await expect(panel.root).toContainText('This version is incomplete');
  }
});
