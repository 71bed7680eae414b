import {
  createDocument,
  DocumentPanel,
  documentCard,
  fetchLatestDocument,
} from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { holdRequests } from '@/tests/support/e2e/hold-requests';
import { scenario } from '@/tests/support/model-server/scenario-line';

const TABLE = {
  title: 'Table',
  kind: 'sheet',
  content: 'name,value\nfirst,one\nsecond,two',
};
const EDIT = { edits: [{ find: 'one', replace: 'hundred' }] };

test('edits are saved automatically, as one version', async ({ chat, page }) => {
  const panel = await createDocument(chat, TABLE);
  await panel.editCell('one', 'uno');
  await expect(panel.saveStatus).toHaveText('Saving…');
  await expect(panel.saveStatus).toHaveText('Saved');
  await panel.expectVersion(2, 2, 'you');
  expect((await fetchLatestDocument(chat)).content).toBe('name,value\nfirst,uno\nsecond,two');
  await panel.editCell('two', 'due');
  await expect(panel.saveStatus).toHaveText('Saving…');
  await expect(panel.saveStatus).toHaveText('Saved');
  // The editor instance is the same: edits before the save can be undone.
  await page.keyboard.press('ControlOrMeta+z');
  await expect(panel.cell('two')).toBeVisible();
  await expect.poll(async () => (await fetchLatestDocument(chat)).content).toContain('second,two');
  // Edits are saved before the comparison. Until then nothing can be edited that it would miss.
  const release = await holdRequests(page, /\/versions$/, 'POST');
  await panel.editCell('two', 'tre');
  await panel.button('Changes').click();
  await expect(panel.root.getByRole('status', { name: 'Comparing' })).toBeVisible();
  await expect(panel.cell('tre')).toBeHidden();
  release();
  await expect(panel.root.getByRole('region', { name: 'Changes' })).toContainText('tre');
  await panel.button('Changes').click();
  await expect(panel.cell('tre')).toBeVisible();
  await panel.button('Previous version').click();
  await expect(panel.versionLabel).toContainText('Version 1 of');
});

test('a failed save is retried until it succeeds', async ({ chat, page, monitor }) => {
  monitor.allowErrors(/ERR_FAILED|Failed to load resource/);
  const panel = await createDocument(chat, TABLE);
  let rejectedSaves = 0;
  await page.route(/\/versions$/, (route) => {
    if (route.request().method() !== 'POST' || rejectedSaves > 0) return route.continue();
    rejectedSaves += 1;
    return route.abort();
  });
  await panel.editCell('one', 'again');
  await expect(panel.root.getByRole('alert')).toContainText('Saving is retried automatically.');
  await expect(panel.saveStatus).toHaveText('Saved');
  expect((await fetchLatestDocument(chat)).content).toContain('again');
});

test('concurrent edits of the user and the model are both stored, and the page says so', async ({
  chat,
  page,
  model,
}) => {
  const panel = await createDocument(chat, TABLE);
  // The save is held until the model has created its version.
  const release = await holdRequests(page, /\/versions$/, 'POST');
  await panel.editCell('one', 'mine');
  await chat.sendMessage(
    scenario('update', {
      instructions: 'Anew.',
      content: 'name,value\nfirst,theirs',
      kind: 'sheet',
      rate: 0,
      hold: 1,
    }),
  );
  await expect(panel.root).toContainText('The model is writing a new version.');
  await expect(panel.cell('mine')).toBeVisible();
  model.release();
  await chat.waitUntilFinished();
  release();
  const notice = panel.root.getByRole('alert');
  await expect(notice).toContainText('The model created version 2 while you were editing.');
  await panel.expectVersion(3, 3, 'you');
  await expect(panel.cell('mine')).toBeVisible();

  await panel.button('Compare').click();
  const changes = panel.root.getByRole('region', { name: 'Changes' });
  await expect(changes.locator('del').first()).toBeVisible();
  await panel.button('Changes').click();
  await panel.button('Show the model’s version').click();
  await panel.expectVersion(2, 3, 'the model');
  await expect(panel.cell('theirs')).toBeVisible();
  await panel.button('Next version').click();
  await panel.expectVersion(3, 3, 'you');
  await panel.button('Keep mine').click();
  await expect(notice).toHaveCount(0);
  expect((await fetchLatestDocument(chat)).content).toContain('mine');
});

test('an open document follows the changes of another tab unless it is being edited', async ({
  chat,
  page,
  openTab,
}) => {
  const panel = await createDocument(chat, TABLE);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await documentCard(other.page, 'Table').getByRole('button', { name: 'Open' }).click();
  const otherPanel = new DocumentPanel(other.page);
  await otherPanel.editCell('one', 'elsewhere');
  await panel.expectVersion(2, 2, 'you');
  await expect(panel.cell('elsewhere')).toBeVisible();

  // Not while a cell is being edited: the open cell stays open.
  await panel.cell('two').dblclick();
  await otherPanel.editCell('elsewhere', 'uno');
  const notice = panel.root.getByRole('alert');
  await expect(notice).toContainText('created version 3. This is version 2.');
  await page.keyboard.type('!');
  await expect(panel.root.getByRole('textbox', { name: /, row 2$/ })).toHaveValue('two!');
  await page.keyboard.press('Escape');
  await panel.button('Show version 3').click();
  await expect(panel.cell('uno')).toBeVisible();

  await panel.editCell('two', 'here');
  await expect(panel.saveStatus).toHaveText('Saved');
  await otherPanel.editCell('first', 'there');
  await expect(otherPanel.saveStatus).toHaveText('Saved');
  // Each tab keeps its own edit and reports the other version.
  await expect(panel.cell('here')).toBeVisible();
  await expect(panel.root.getByRole('alert')).toContainText('Both versions are stored.');
  await panel.button('Keep mine').click();
  await expect(panel.root.getByRole('alert')).toHaveCount(0);
  await expect.poll(async () => (await fetchLatestDocument(chat)).content).toContain('here');
});

test('an update is streamed over an open document that has no unsaved edits', async ({ chat }) => {
  const panel = await createDocument(chat, TABLE);
  await chat.sendAndWait(scenario('update', EDIT));
  await panel.expectVersion(2, 2, 'the model');
  await expect(panel.cell('hundred')).toBeVisible();
  await panel.editCell('two', 'three');
  await expect(panel.saveStatus).toHaveText('Saved');
  await panel.expectVersion(3, 3, 'you');
});
