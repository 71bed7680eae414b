import { expectAccessible } from '@/tests/support/e2e/accessibility';
import { expect, test } from '@/tests/support/e2e/fixtures';

test('a temporary chat is in no history, survives a reload and is deleted at once by its button', async ({
  chat,
  page,
  openTab,
  model,
  monitor,
}) => {
  monitor.allowErrors(/status of 404/);
  const toggle = page.getByRole('switch', { name: 'Temporary chat' });
  await chat.open();
  await toggle.focus();
  await page.keyboard.press('Space');
  await expect(toggle).toBeChecked();
  await expectAccessible(page);
  await chat.reload();
  await expect(toggle).toBeChecked();
  await chat.sendAndWait('Between us');
  const id = await chat.chatId();
  const other = await openTab();
  await other.open(`/chat/${id}`);
  for (const tab of [chat, other]) {
    await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText('Temporary chat');
    await expect(tab.answers).toHaveText([/You said: Between us/]);
    await expect(tab.history).toContainText('No chats yet.');
  }
  await expect(toggle).toHaveCount(0);
  await other.sendAndWait('Followed');
  await expect(chat.answers).toHaveCount(2);
  await chat.reload();
  await expect(chat.answers).toHaveCount(2);
  await expectAccessible(page);
  const requests = model.requests.filter(({ body }) => JSON.stringify(body).includes('Between us'));
  expect(requests.map(({ purpose }) => purpose)).toEqual(['answer', 'answer']);

  await page.getByRole('button', { name: 'Delete now' }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByText('Temporary chat deleted.')).toBeVisible();
  await expect(toggle).not.toBeChecked();
  await expect(other.alert).toHaveText(/This chat was deleted/);
  await page.goto(`/chat/${id}`);
  await expect(page.getByRole('heading', { name: 'Chat not found' })).toBeVisible();
});
