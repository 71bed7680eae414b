import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import { expect, test } from '@/tests/support/e2e/fixtures';

test('the palette finds chats that the page has not loaded, and runs actions, by keyboard alone', async ({
  chat,
  page,
  database,
}) => {
  await chat.open();
  await chat.sendAndWait(
    '[[title: text="Lemon pasta"]] [[scenario:say text="```js\nanswer\n```"]]',
  );
  const id = new URL(page.url()).pathname.split('/').pop() ?? '';
  // Older than the chats that the page loads.
  const sql = postgres(database.url, { max: 1 });
  await sql`insert into chat (id, owner_id, title, title_pending, updated_at)
    select gen_random_uuid(), owner_id, 'Filler ' || n, false, now() - n * interval '1 minute'
    from chat, generate_series(1, 60) n where id = ${id}`;
  const oldId = randomUUID();
  await sql`insert into chat (id, owner_id, title, title_pending, updated_at)
    select ${oldId}, owner_id, 'Packing for the Alps', false, now() - interval '1 year'
    from chat where id = ${id}`;
  await sql.end();
  await chat.reload();

  const palette = page.getByRole('dialog', { name: 'Command palette' });
  const field = palette.getByRole('combobox');
  const open = async (query: string) => {
    await page.keyboard.press('ControlOrMeta+k');
    await expect(field).toBeFocused();
    await page.keyboard.type(query);
  };
  await open('');
  await expect(palette.getByRole('option', { name: 'Lemon pasta' })).toBeVisible();
  await expectAccessible(page, '[role="dialog"]');
  await page.keyboard.type('packalp');
  await expect(palette.getByRole('option', { selected: true })).toHaveText('Packing for the Alps');
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(oldId));

  await open('lempas');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(id));
  await expect(chat.answer).toContainText('answer');

  // Of a chat: the model, and what it can copy.
  await open('switch mod');
  await page.keyboard.press('Enter');
  await expect(field).toHaveAttribute('aria-label', 'Switch model');
  await expect(palette.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('ControlOrMeta+Shift+;');
  await expect(page.getByText('Code copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('answer');
  await page.keyboard.press('ControlOrMeta+Shift+c');
  await expect(page.getByText('Answer copied')).toBeVisible();

  const sidebar = page.getByRole('complementary', { name: 'Sidebar' });
  await page.keyboard.press('ControlOrMeta+Shift+s');
  await expect(sidebar).toHaveAttribute('inert', '');
  await open('toggle side');
  await page.keyboard.press('Enter');
  await expect(sidebar).not.toHaveAttribute('inert', '');
  await open('settings');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Escape');

  await chat.sendMessage('[[scenario:tokens n=3000 rate=50]]');
  await expect(chat.answer).toContainText('t1 ');
  await page.keyboard.press('ControlOrMeta+Shift+x');
  await chat.waitUntilFinished();
  await page.keyboard.press('ControlOrMeta+Shift+o');
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.messageBox).toBeFocused();
});
