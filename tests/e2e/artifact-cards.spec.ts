/** The cards of documents in a chat: each opens exactly what it made, whatever has come since. */
import type { Page } from '@playwright/test';
import { expect, test } from '@/tests/support/e2e';
import { cardOf, DocumentPanel, writeDocument } from '@/tests/support/e2e-panel';
import { scenario } from '@/tests/support/model-server/scenario-line';

/** Lets the code that a page loads from now on wait until the returned function is called. */
async function holdCode(page: Page): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/_next\/static\//, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}

/** Presses Open on a card. */
async function openFrom(page: Page, title: string, index = 0): Promise<DocumentPanel> {
  await cardOf(page, title).nth(index).getByRole('button', { name: 'Open' }).click();
  return new DocumentPanel(page);
}

test('a card opens its own version among many, after a reload and in another tab', async ({
  chat,
  page,
  openTab,
}) => {
  await chat.open();
  const words = { title: 'Long', content: 'zero', rate: 0 };
  await chat.askAndWait(scenario('document', words));
  const list = await page.request.get(`/api/chat/${await chat.chatId()}/documents`);
  const [{ id }] = await list.json();
  /** Saves that follow one another are one step of the list: most of these have no place in it. */
  async function saveOften(from: number, to: number) {
    for (let version = from; version <= to; version++) {
      const data = { saveId: `save ${version}`, baseVersion: version - 1, content: `w${version}` };
      const response = await page.request.post(`/api/document/${id}/versions`, { data });
      expect(await response.json()).toEqual({ version, latest: version });
    }
  }
  await saveOften(2, 40);
  await chat.askAndWait(scenario('update', { edits: [{ find: 'w40', replace: 'forty-one' }] }));
  await saveOften(42, 79);
  await chat.askAndWait(scenario('update', { edits: [{ find: 'w79', replace: 'eighty' }] }));

  async function eachOpensItsOwn(at: Page, latest: number) {
    for (const [index, version, text] of [
      [1, 41, 'forty-one'],
      [0, 1, 'zero'],
      [2, 80, 'eighty'],
      [1, 41, 'forty-one'],
    ] as const) {
      if (index > 0) await expect(cardOf(at, 'Long').nth(index)).toContainText(`${version}`);
      const panel = await openFrom(at, 'Long', index);
      await panel.isAt(version, latest, 'the model');
      await expect(panel.root.getByText(text, { exact: true })).toBeVisible();
      await expect(panel.button('Restore')).toHaveCount(version < latest ? 1 : 0);
    }
  }
  await eachOpensItsOwn(page, 80);
  await chat.reload();
  await eachOpensItsOwn(page, 80);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await eachOpensItsOwn(other.page, 80);

  // It stays what it is when more comes, here and where it is open.
  await saveOften(81, 82);
  await new DocumentPanel(other.page).isAt(41, 82, 'the model');
  await eachOpensItsOwn(page, 82);
});

test('a panel that arrives late leaves the focus to whoever types by then', async ({
  chat,
  page,
  openTab,
}) => {
  await writeDocument(chat, { title: 'Late', content: 'words' });
  const tab = await openTab();
  await tab.open(new URL(page.url()).pathname);
  const letGo = await holdCode(tab.page);
  const panel = await openFrom(tab.page, 'Late');
  await tab.field.click();
  await tab.page.keyboard.type('I go on ');
  letGo();
  await panel.isAt(1, 1, 'the model');
  await tab.page.keyboard.type('typing');
  await expect(tab.field).toHaveValue('I go on typing');
});

test('a menu or a list that arrives late does not open over whoever types by then', async ({
  chat,
  page,
  openTab,
}) => {
  await writeDocument(chat, { title: 'Late', content: 'words' });
  const path = new URL(page.url()).pathname;
  for (const name of [/^Model: /, /^Account: /, /^Options for /]) {
    // In a page of its own each time: menus share the most of their code.
    const tab = await openTab();
    await tab.open(path);
    // The draft of the tab before is kept.
    await tab.field.clear();
    const trigger = tab.page.getByRole('button', { name }).first();
    await expect(trigger).toBeVisible();
    const letGo = await holdCode(tab.page);
    await trigger.click();
    await expect(trigger).toHaveAttribute('aria-expanded', 'true');
    await tab.field.click();
    await tab.page.keyboard.type('I go on ');
    letGo();
    await expect(trigger).toHaveAttribute('aria-expanded', 'false');
    await tab.page.keyboard.type('typing');
    await expect(tab.field).toHaveValue('I go on typing');
    await expect(tab.page.getByRole('menu').or(tab.page.getByRole('dialog'))).toHaveCount(0);
    // It is there now, and opens when it is asked for again.
    await trigger.click();
    await expect(tab.page.getByRole('menu').or(tab.page.getByRole('dialog'))).toBeVisible();
    await tab.page.close();
  }
});

test('the card of a document that was stopped leads to what is kept of it', async ({
  chat,
  page,
  openTab,
}) => {
  await chat.open();
  await chat.ask(scenario('document', { title: 'Stopped', n: 60, rate: 0, hold: 20 }));
  await expect(new DocumentPanel(page).root).toContainText('d15');
  await chat.stopButton.click();
  await chat.finished();
  /** What a person sees and opens there. */
  async function leadsThere(at: Page, latest: number) {
    const card = cardOf(at, 'Stopped').first();
    await expect(card).toContainText(
      'The writing was stopped. What was written until then is kept.',
    );
    const panel = await openFrom(at, 'Stopped');
    await panel.isAt(1, latest, 'the model');
    await expect(panel.root).toContainText('d15');
    await expect(panel.root).not.toContainText('d30');
    await expect(panel.root).toContainText('cut short');
  }
  await leadsThere(page, 1);
  await chat.reload();
  await leadsThere(page, 1);

  // The next one of the document is another card's; this one stays with its own.
  await chat.askAndWait(scenario('update', { edits: [{ find: 'd15', replace: 'changed' }] }));
  await new DocumentPanel(page).isAt(2, 2, 'the model');
  await leadsThere(page, 2);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await leadsThere(other.page, 2);
});

test('so does the card of a change that was stopped, beside what the person wrote', async ({
  chat,
  page,
}) => {
  const table = { title: 'Table', kind: 'sheet', content: 'name,value\nfirst,one', rate: 0 };
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.askAndWait(scenario('document', table));
  const anew = { kind: 'sheet', content: 'name,value\nfirst,two three', rate: 0, hold: 2 };
  await chat.ask(scenario('update', { instructions: 'Anew.', ...anew }));
  await expect(panel.root).toHaveAttribute('aria-busy', 'true');
  await expect(panel.root).toContainText('two');
  await chat.stopButton.click();
  await chat.finished();
  await panel.isAt(2, 2, 'the model');
  await panel.change('two', 'mine');
  await expect(panel.saving).toHaveText('Saved');
  await chat.reload();
  const updated = cardOf(page, 'Table').last();
  await expect(updated).toContainText('Updated');
  await expect(updated).toContainText('The writing was stopped.');
  await openFrom(page, 'Table', 1);
  await panel.isAt(2, 3, 'the model');
  await expect(panel.root).toContainText('cut short');
  await expect(panel.cell('two')).toBeVisible();
});

test('what was stopped before its first word has no document, and says so', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.ask(scenario('document', { title: 'Nothing', n: 60, rate: 0, hold: 0 }));
  await expect(cardOf(page, 'Nothing')).toContainText('Writing…');
  await chat.stopButton.click();
  await chat.finished();
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    const tool = chat.answer.getByRole('region', { name: 'Tool: Create document' });
    await expect(tool).toContainText('Not finished');
    await expect(page.getByRole('button', { name: /^Documents of this chat/ })).toHaveCount(0);
  }
});

test('the card of a document that a crash cut short leads to what was shown of it', async ({
  chat,
  page,
  launchApp,
  watch,
}) => {
  watch.expect(/net::ERR_/);
  const app = await launchApp({});
  const panel = new DocumentPanel(page);
  await chat.open(app.baseUrl);
  await chat.ask(scenario('document', { title: 'Crashed', n: 60, rate: 0, hold: 20 }));
  await expect(panel.root).toContainText('d15');
  await app.kill9();
  await app.restart();
  await chat.finished();
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    await expect(cardOf(page, 'Crashed')).toContainText('The writing was interrupted.');
    await openFrom(page, 'Crashed');
    await panel.isAt(1, 1, 'the model');
    await expect(panel.root).toContainText('d15');
    await expect(panel.root).toContainText('cut short');
  }
});
