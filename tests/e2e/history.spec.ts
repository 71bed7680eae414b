import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { expect, test } from '@/tests/support/e2e';
import type { ChatPage } from '@/tests/support/e2e-chat';

test('a chat can be renamed, by its menu and by F2, and keeps its name', async ({ chat, page }) => {
  await chat.open();
  await chat.askAndWait('The old name');
  await openMenu(chat, 'The old name');
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const field = page.getByRole('textbox', { name: 'Chat title' });
  await expect(field).toHaveValue('The old name');
  await expect(field).toBeFocused();
  await field.fill('A better name');
  await field.press('Enter');
  await expect(chat.link('A better name')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'A better name' })).toBeVisible();
  await chat.reload();
  await expect(chat.link('A better name')).toBeVisible();
  await expect(chat.link('The old name')).toHaveCount(0);

  await chat.link('A better name').focus();
  await page.keyboard.press('F2');
  await field.fill('Not kept');
  await page.keyboard.press('Escape');
  await expect(chat.link('A better name')).toBeVisible();
  await expect(chat.link('Not kept')).toHaveCount(0);
});

test('a chat is deleted only after a confirmation, and then it is gone', async ({
  chat,
  page,
  watch,
}) => {
  watch.expect(/status of 404/);
  await chat.open();
  await chat.askAndWait('To be deleted');
  const id = await chat.chatId();
  await openMenu(chat, 'To be deleted');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete this chat?' });
  await expect(dialog).toContainText('To be deleted');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(chat.link('To be deleted')).toBeVisible();

  await chat.link('To be deleted').focus();
  await page.keyboard.press('Delete');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(chat.link('To be deleted')).toHaveCount(0);
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.questions).toHaveCount(0);
  await chat.reload();
  await expect(chat.history).toContainText('No chats yet.');
  await page.goto(`/chat/${id}`);
  await expect(page.getByRole('heading', { name: 'There is no such chat' })).toBeVisible();
});

test('deleting a chat that is being answered ends the work of the model', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.ask('Delete me alive [[scenario:tokens n=3000 rate=50]]');
  await chat.reaches(10);
  await openMenu(chat, 'Delete me alive');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText('will be stopped');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect.poll(() => model.openAnswers()).toBe(0);
  await expect(chat.link('Delete me alive')).toHaveCount(0);
  await expect(chat.alert).toHaveCount(0);
});

test('a long history loads as it is scrolled, each chat once, newest first', async ({
  chat,
  database,
}) => {
  await chat.open();
  const newest = await say(chat, 'Number 95');
  const sql = postgres(database.url, { max: 1 });
  await sql`
    insert into chat (id, owner_id, title, title_pending, updated_at)
    select gen_random_uuid(), owner_id, 'Number ' || n, false, updated_at - (95 - n) * interval '1 s'
    from chat, generate_series(1, 94) n where id = ${newest}`;
  await sql.end();
  await chat.reload();
  const links = chat.history.getByRole('link');
  await expect(links.first()).toHaveText('Number 95');
  await expect(chat.link('Number 1')).toHaveCount(0);
  await expect(async () => {
    await chat.history.evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await expect(chat.link('Number 1')).toBeVisible({ timeout: 300 });
  }).toPass({ intervals: [50] });
  const titles = await links.allTextContents();
  expect(titles).toEqual(Array.from({ length: 95 }, (_, index) => `Number ${95 - index}`));
});

test('chats stand under the day they were last used, and the open one is marked', async ({
  chat,
  page,
  database,
}) => {
  await chat.open();
  const old = await say(chat, 'From yesterday');
  const older = await say(chat, 'From last week');
  await chat.askAndWait('From today');
  const sql = postgres(database.url, { max: 1 });
  await sql`update chat set updated_at = now() - interval '1 day' where id = ${old}`;
  await sql`update chat set updated_at = now() - interval '6 days' where id = ${older}`;
  await sql.end();
  await chat.reload();
  const group = (name: string) => chat.history.getByRole('region', { name }).getByRole('link');
  await expect(group('Today')).toHaveText('From today');
  await expect(group('Yesterday')).toHaveText('From yesterday');
  await expect(group('Previous 7 days')).toHaveText('From last week');
  await expect(chat.link('From today')).toHaveAttribute('aria-current', 'page');
  await chat.link('From last week').click();
  await expect(chat.link('From last week')).toHaveAttribute('aria-current', 'page');
  await expect(chat.link('From today')).not.toHaveAttribute('aria-current');
  await expect(page).toHaveTitle(/From last week/);
});

test('a chat keeps the title that is being typed when it moves in the list', async ({
  chat,
  page,
  database,
}) => {
  await chat.open();
  const old = await say(chat, 'From yesterday');
  await chat.askAndWait('From today');
  const sql = postgres(database.url, { max: 1 });
  await sql`update chat set updated_at = now() - interval '1 day' where id = ${old}`;
  await sql.end();
  await chat.reload();
  await chat.link('From yesterday').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Half a title');
  // Another device goes on with it.
  const { messages } = await (await page.request.get(`/api/chat/${old}`)).json();
  const refreshed = page.waitForResponse(async (response) => {
    if (!response.url().includes('/api/history')) return false;
    return (await response.json()).chats[0].id === old;
  });
  await chat.sendDirectly({
    id: old,
    message: { id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'More' }] },
    parentId: messages.at(-1).id,
  });
  await refreshed;
  await page.keyboard.type(' and the rest');
  await page.keyboard.press('Enter');
  await expect(chat.link('Half a title and the rest')).toBeVisible();
  const group = chat.history.getByRole('region', { name: 'Today' }).getByRole('link');
  await expect(group).toHaveText(['Half a title and the rest', 'From today']);
});

test('a chat that is being answered shows it in the history, also from another chat', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.ask('Under way [[scenario:tokens n=60 rate=60 hold=20]]');
  await chat.reaches(19);
  const alive = chat.history.getByRole('link', { name: 'Under way (an answer is being written)' });
  await expect(alive).toBeVisible();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(alive).toBeVisible();
  model.release();
  await expect(alive).toHaveCount(0);
  await expect(chat.link('Under way')).toBeVisible();
});

test('a chat keeps the name a person gave it while the model was still looking for one', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.ask('Anything [[title:delay=2500 text=Late]][[scenario:tokens n=60 rate=30]]');
  await chat.reaches(5);
  await chat.history.getByRole('link').focus();
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Chat title' }).fill('Mine');
  await page.keyboard.press('Enter');
  await chat.hasExactly(60);
  await page.waitForTimeout(1_500);
  await chat.reload();
  await expect(chat.history.getByRole('link')).toHaveText('Mine');
});

async function openMenu(chat: ChatPage, title: string): Promise<void> {
  await chat.history.getByRole('link', { name: title }).hover();
  await chat.history.getByRole('button', { name: `Options for ${title}` }).click();
}

/** A new chat, without a page. @returns its id */
async function say(chat: ChatPage, text: string): Promise<string> {
  const id = randomUUID();
  const message = { id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] } as const;
  await chat.sendDirectly({
    id,
    message: { ...message, parts: [...message.parts] },
    parentId: null,
  });
  return id;
}
