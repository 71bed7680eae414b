import { expect, test } from '@/tests/support/e2e';
import {
  cardOf,
  DocumentPanel,
  holdSaves,
  newestOf,
  writeDocument,
} from '@/tests/support/e2e-panel';
import { scenario } from '@/tests/support/model-server/scenario-line';

const TABLE = {
  title: 'Table',
  kind: 'sheet',
  content: 'name,value\nfirst,one\nsecond,two',
};
const EDIT = { edits: [{ find: 'one', replace: 'hundred' }] };

test('edits are saved by themselves, as one step', async ({ chat, page }) => {
  const panel = await writeDocument(chat, TABLE);
  await panel.change('one', 'uno');
  await expect(panel.saving).toHaveText('Saving…');
  await expect(panel.saving).toHaveText('Saved');
  await panel.isAt(2, 2, 'you');
  expect((await newestOf(chat)).content).toBe('name,value\nfirst,uno\nsecond,two');
  await panel.change('two', 'due');
  await expect(panel.saving).toHaveText('Saving…');
  await expect(panel.saving).toHaveText('Saved');
  // The editor is the same one: what was done can be undone.
  await page.keyboard.press('ControlOrMeta+z');
  await expect(panel.cell('two')).toBeVisible();
  await expect.poll(async () => (await newestOf(chat)).content).toContain('second,two');
  // What is compared is saved first; meanwhile nothing can be written that would be left out.
  const letGo = await holdSaves(page);
  await panel.change('two', 'tre');
  await panel.button('Changes').click();
  await expect(panel.root.getByRole('status', { name: 'Comparing' })).toBeVisible();
  await expect(panel.cell('tre')).toBeHidden();
  letGo();
  await expect(panel.root.getByRole('region', { name: 'Changes' })).toContainText('tre');
  await panel.button('Changes').click();
  await expect(panel.cell('tre')).toBeVisible();
  await panel.button('Previous version').click();
  await expect(panel.version).toContainText('Version 1 of');
});

test('a save that fails is tried again until it is there', async ({ chat, page, watch }) => {
  watch.expect(/ERR_FAILED|Failed to load resource/);
  const panel = await writeDocument(chat, TABLE);
  let refused = 0;
  await page.route(/\/versions$/, (route) => {
    if (route.request().method() !== 'POST' || refused > 0) return route.continue();
    refused += 1;
    return route.abort();
  });
  await panel.change('one', 'again');
  await expect(panel.root.getByRole('alert')).toContainText('It is tried again by itself.');
  await expect(panel.saving).toHaveText('Saved');
  expect((await newestOf(chat)).content).toContain('again');
});

test('where the model writes while the person edits, both are kept and the page says so', async ({
  chat,
  page,
  model,
}) => {
  const panel = await writeDocument(chat, TABLE);
  // The save waits until the model has made its version.
  const letGo = await holdSaves(page);
  await panel.change('one', 'mine');
  await chat.ask(
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
  await chat.finished();
  letGo();
  const notice = panel.root.getByRole('alert');
  await expect(notice).toContainText('The model made version 2 while you were editing.');
  await panel.isAt(3, 3, 'you');
  await expect(panel.cell('mine')).toBeVisible();

  await panel.button('Compare').click();
  const changes = panel.root.getByRole('region', { name: 'Changes' });
  await expect(changes.locator('del').first()).toBeVisible();
  await panel.button('Changes').click();
  await panel.button('Show the model’s version').click();
  await panel.isAt(2, 3, 'the model');
  await expect(panel.cell('theirs')).toBeVisible();
  await panel.button('Next version').click();
  await panel.isAt(3, 3, 'you');
  await panel.button('Keep mine').click();
  await expect(notice).toHaveCount(0);
  expect((await newestOf(chat)).content).toContain('mine');
});

test('an open document follows what another tab makes of it, unless it is being edited', async ({
  chat,
  page,
  openTab,
}) => {
  const panel = await writeDocument(chat, TABLE);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await cardOf(other.page, 'Table').getByRole('button', { name: 'Open' }).click();
  const theirs = new DocumentPanel(other.page);
  await theirs.change('one', 'elsewhere');
  await panel.isAt(2, 2, 'you');
  await expect(panel.cell('elsewhere')).toBeVisible();

  // Nor while somebody is in it: the cell that is open stays open.
  await panel.cell('two').dblclick();
  await theirs.change('elsewhere', 'uno');
  const notice = panel.root.getByRole('alert');
  await expect(notice).toContainText('made version 3. This is version 2.');
  await page.keyboard.type('!');
  await expect(panel.root.getByRole('textbox', { name: /, row 2$/ })).toHaveValue('two!');
  await page.keyboard.press('Escape');
  await panel.button('Show version 3').click();
  await expect(panel.cell('uno')).toBeVisible();

  await panel.change('two', 'here');
  await expect(panel.saving).toHaveText('Saved');
  await theirs.change('first', 'there');
  await expect(theirs.saving).toHaveText('Saved');
  // Each has what it wrote, and is told of the other.
  await expect(panel.cell('here')).toBeVisible();
  await expect(panel.root.getByRole('alert')).toContainText('Both are kept.');
  await panel.button('Keep mine').click();
  await expect(panel.root.getByRole('alert')).toHaveCount(0);
  await expect.poll(async () => (await newestOf(chat)).content).toContain('here');
});

test('an update is written over what is open, where nothing is unsaved', async ({ chat }) => {
  const panel = await writeDocument(chat, TABLE);
  await chat.askAndWait(scenario('update', EDIT));
  await panel.isAt(2, 2, 'the model');
  await expect(panel.cell('hundred')).toBeVisible();
  await panel.change('two', 'three');
  await expect(panel.saving).toHaveText('Saved');
  await panel.isAt(3, 3, 'you');
});
