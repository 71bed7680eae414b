import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';

test('a chat can be renamed from its menu and with F2, and keeps the new title', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.sendAndWait('The old name');
  await openMenu(chat, 'The old name');
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const field = page.getByRole('textbox', { name: 'Chat title' });
  await expect(field).toHaveValue('The old name');
  await expect(field).toBeFocused();
  await field.fill('A better name');
  await field.press('Enter');
  await expect(chat.chatLink('A better name')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'A better name' })).toBeVisible();
  await chat.reload();
  await expect(chat.chatLink('A better name')).toBeVisible();
  await expect(chat.chatLink('The old name')).toHaveCount(0);

  await chat.chatLink('A better name').focus();
  await page.keyboard.press('F2');
  await field.fill('Not kept');
  await page.keyboard.press('Escape');
  await expect(chat.chatLink('A better name')).toBeVisible();
  await expect(chat.chatLink('Not kept')).toHaveCount(0);
});

test('a deleted chat is gone in every window at once, and whole again after Undo', async ({
  chat,
  page,
  openTab,
  monitor,
}) => {
  monitor.allowErrors(/status of 404/);
  await chat.open();
  await chat.sendAndWait('Stays here');
  await page.getByRole('button', { name: 'New chat', exact: true }).click();
  await chat.sendAndWait('To be deleted');
  const id = await chat.chatId();
  const other = await openTab();
  await other.open(`/chat/${id}`);

  await chat.chatLink('To be deleted').focus();
  await page.keyboard.press('Delete');
  // A notification stays while the mouse is over it.
  await page.getByRole('button', { name: 'Undo' }).hover();
  await expect(chat.chatLink('To be deleted')).toHaveCount(0);
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.userMessages).toHaveCount(0);
  await expect(chat.messageBox).toBeFocused();
  await expect(other.alert).toHaveText(/This chat was deleted/);
  await expect(other.chatLink('To be deleted')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
  for (const tab of [chat, other]) {
    await expect(tab.history.getByRole('link')).toHaveText([/To be deleted/, /Stays here/]);
    await expect(tab.answers).toHaveText([/You said: To be deleted/]);
    await expect(tab.messageBox).toBeEditable();
  }
  await expect(other.alert).toHaveCount(0);

  // The focus moves to the next row, unless the open chat is deleted.
  await chat.chatLink('Stays here').focus();
  await page.keyboard.press('Delete');
  await expect(chat.chatLink('To be deleted')).toBeFocused();
  await openMenu(chat, 'To be deleted');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/$/);
  await page.goto(`/chat/${id}`);
  await expect(page.getByRole('heading', { name: 'Chat not found' })).toBeVisible();
});

test('a chat can be renamed while no dialog can be loaded, and deleted once they can', async ({
  chat,
  page,
  monitor,
}) => {
  monitor.allowErrors(/ERR_FAILED/);
  let isBlocked = true;
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    const response = await route.fetch();
    const isDialog = /from the next one on/.test(await response.text());
    if (isBlocked && isDialog) await route.abort();
    else await route.fulfill({ response });
  });
  await chat.open();
  await chat.sendAndWait('The old name');
  await openMenu(chat, 'The old name');
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Chat title' }).fill('A better name');
  await page.keyboard.press('Enter');
  await expect(chat.chatLink('A better name')).toBeVisible();

  const dialog = page.getByRole('dialog', { name: 'Instructions for this chat' });
  await openMenu(chat, 'A better name');
  await page.getByRole('menuitem', { name: 'Instructions for this chat' }).click();
  await expect(page.getByText('Loading failed.')).toBeVisible();
  await expect(dialog).toHaveCount(0);

  isBlocked = false;
  await openMenu(chat, 'A better name');
  await page.getByRole('menuitem', { name: 'Instructions for this chat' }).click();
  await dialog.press('Escape');
  await openMenu(chat, 'A better name');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(chat.chatLink('A better name')).toHaveCount(0);
});

test('a chat that is deleted during its answer has the whole answer after Undo, and is stopped otherwise', async ({
  chat,
  page,
  model,
  database,
}) => {
  await chat.open();
  await chat.sendMessage('Delete me alive [[scenario:tokens n=20 hold=10]]');
  await chat.waitForToken(9);
  const id = await chat.chatId();
  await openMenu(chat, 'Delete me alive');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/$/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
  model.release();
  await chat.expectFinishedWithTokens(20);

  await chat.sendMessage('Once more [[scenario:tokens n=20 hold=10]]');
  await chat.waitForToken(9);
  await openMenu(chat, 'Delete me alive');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByText('Chat deleted.').first()).toBeVisible();
  const sql = postgres(database.url, { max: 1 });
  await sql`update chat set deleted_at = now() - interval '30 seconds' where id = ${id}`;
  await sql.end();
  await expect.poll(() => model.activeAnswers()).toBe(0);
  await expect(chat.chatLink('Delete me alive')).toHaveCount(0);
  await expect(chat.alert).toHaveCount(0);
});

test('a long history loads while it is scrolled, each chat once, newest first', async ({
  chat,
  database,
}) => {
  await chat.open();
  const newest = await createChatByApi(chat, 'Number 95');
  const sql = postgres(database.url, { max: 1 });
  await sql`
    insert into chat (id, owner_id, title, title_pending, updated_at)
    select gen_random_uuid(), owner_id, 'Number ' || n, false, updated_at - (95 - n) * interval '1 s'
    from chat, generate_series(1, 94) n where id = ${newest}`;
  await sql.end();
  await chat.reload();
  const links = chat.history.getByRole('link');
  await expect(links.first()).toHaveText('Number 95');
  await expect(chat.chatLink('Number 1')).toHaveCount(0);
  await expect(async () => {
    await chat.history.evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await expect(chat.chatLink('Number 1')).toBeVisible({ timeout: 300 });
  }).toPass({ intervals: [50] });
  const titles = await links.allTextContents();
  expect(titles).toEqual(Array.from({ length: 95 }, (_, index) => `Number ${95 - index}`));
});

test('chats are grouped by the day of their last use, and the open one is marked', async ({
  chat,
  page,
  database,
}) => {
  await chat.open();
  const old = await createChatByApi(chat, 'From yesterday');
  const older = await createChatByApi(chat, 'From last week');
  await chat.sendAndWait('From today');
  const sql = postgres(database.url, { max: 1 });
  await sql`update chat set updated_at = now() - interval '1 day' where id = ${old}`;
  await sql`update chat set updated_at = now() - interval '6 days' where id = ${older}`;
  await sql.end();
  await chat.reload();
  const group = (name: string) => chat.history.getByRole('region', { name }).getByRole('link');
  await expect(group('Today')).toHaveText('From today');
  await expect(group('Yesterday')).toHaveText('From yesterday');
  await expect(group('Previous 7 days')).toHaveText('From last week');
  await expect(chat.chatLink('From today')).toHaveAttribute('aria-current', 'page');
  await chat.chatLink('From last week').click();
  await expect(chat.chatLink('From last week')).toHaveAttribute('aria-current', 'page');
  await expect(chat.chatLink('From today')).not.toHaveAttribute('aria-current');
  await expect(page).toHaveTitle(/From last week/);
});

test('a title that is being edited is kept when its chat moves in the list', async ({
  chat,
  page,
  database,
}) => {
  await chat.open();
  const old = await createChatByApi(chat, 'From yesterday');
  await chat.sendAndWait('From today');
  const sql = postgres(database.url, { max: 1 });
  await sql`update chat set updated_at = now() - interval '1 day' where id = ${old}`;
  await sql.end();
  await chat.reload();
  await chat.chatLink('From yesterday').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Half a title');
  // Another device continues the chat.
  const { messages } = await (await page.request.get(`/api/chat/${old}`)).json();
  const refreshed = page.waitForResponse(async (response) => {
    if (!response.url().includes('/api/history')) return false;
    return (await response.json()).chats[0].id === old;
  });
  await chat.sendByApi({
    id: old,
    message: { id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'More' }] },
    parentId: messages.at(-1).id,
  });
  await refreshed;
  await page.keyboard.type(' and the rest');
  await page.keyboard.press('Enter');
  await expect(chat.chatLink('Half a title and the rest')).toBeVisible();
  const group = chat.history.getByRole('region', { name: 'Today' }).getByRole('link');
  await expect(group).toHaveText(['Half a title and the rest', 'From today']);
});

test('the history marks a chat that is being answered, also while another chat is open', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('Under way [[scenario:tokens n=60 rate=60 hold=20]]');
  await chat.waitForToken(19);
  const liveLink = chat.history.getByRole('link', {
    name: 'Under way (an answer is being generated)',
  });
  await expect(liveLink).toBeVisible();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(liveLink).toBeVisible();
  model.release();
  await expect(liveLink).toHaveCount(0);
  await expect(chat.chatLink('Under way')).toBeVisible();
});

test('a title that the user set is kept when the model generates one later', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.sendMessage('Anything [[title:delay=2500 text=Late]][[scenario:tokens n=60 rate=30]]');
  await chat.waitForToken(5);
  await chat.history.getByRole('link').focus();
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Chat title' }).fill('Mine');
  await page.keyboard.press('Enter');
  await chat.expectFinishedWithTokens(60);
  await page.waitForTimeout(1_500);
  await chat.reload();
  await expect(chat.history.getByRole('link')).toHaveText('Mine');
});

async function openMenu(chat: ChatPage, title: string): Promise<void> {
  await chat.history.getByRole('link', { name: title }).hover();
  await chat.history.getByRole('button', { name: `Options for ${title}` }).click();
}

/** Creates a chat by API. @returns its id */
async function createChatByApi(chat: ChatPage, text: string): Promise<string> {
  const id = randomUUID();
  const message = { id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] } as const;
  await chat.sendByApi({
    id,
    message: { ...message, parts: [...message.parts] },
    parentId: null,
  });
  return id;
}
