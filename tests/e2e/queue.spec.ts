import { expectAccessible } from '@/tests/support/e2e/accessibility';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { holdRequests } from '@/tests/support/e2e/hold-requests';

const queue = ({ page }: ChatPage) => page.getByRole('list', { name: 'Queued messages' });
const queued = (chat: ChatPage) => queue(chat).getByRole('listitem');
const sendNow = ({ page }: ChatPage) => page.getByRole('button', { name: 'Send now' });

async function queueMessage(chat: ChatPage, text: string): Promise<void> {
  await chat.messageBox.fill(text);
  await chat.messageBox.press('Enter');
  await expect(queued(chat).last()).toContainText(text);
  await expect(chat.messageBox).toHaveValue('');
}

test('messages that are written during an answer are queued in every tab, and are sent in order', async ({
  chat,
  page,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('tokens n=8 hold=4');
  await chat.sendMessage('The beginning');
  await chat.waitForToken(3);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await other.waitForToken(3);

  await queueMessage(chat, 'one');
  await queueMessage(other, 'two');
  await queueMessage(chat, 'three');
  for (const tab of [chat, other]) await expect(queued(tab)).toHaveText([/^one/, /^two/, /^three/]);

  // By keyboard: the focus follows the message.
  const moveUp = queued(other).nth(2).getByRole('button', { name: 'Move up' });
  await moveUp.press('Enter');
  await expect(queued(other)).toHaveText([/^one/, /^three/, /^two/]);
  const moved = queued(other).nth(1);
  await expect(moved.getByRole('button', { name: 'Move up' })).toBeFocused();
  await moved.getByRole('button', { name: 'Edit' }).press('Enter');
  const editor = other.page.getByRole('textbox', { name: 'Edit queued message' });
  await expect(editor).toBeFocused();
  await editor.fill('three, changed');
  await editor.press('ControlOrMeta+Enter');
  await expect(moved.getByRole('button', { name: 'Edit' })).toBeFocused();
  await queued(chat).first().getByRole('button', { name: 'Delete' }).click();
  for (const tab of [chat, other])
    await expect(queued(tab)).toHaveText([/^three, changed/, /^two/]);

  await page.setViewportSize({ width: 360, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await expectAccessible(page);

  model.setScenario('say text=done');
  model.release();
  for (const tab of [chat, other]) {
    await expect(tab.userMessages).toHaveText([/The beginning/, /three, changed/, /two/]);
    await expect(tab.answers).toHaveText([/t7/, /done/, /done/]);
    await expect(queue(tab)).toHaveCount(0);
  }
});

test('a message is queued while the first one of a new chat has not reached the server', async ({
  chat,
  page,
}) => {
  const releaseSend = await holdRequests(page, /\/api\/chat$/, 'POST');
  const releaseEvents = await holdRequests(page, /\/api\/events$/);
  await chat.open();
  await chat.sendMessage('The beginning');
  await expect(chat.stopButton).toBeVisible();
  await chat.messageBox.fill('one');
  await chat.messageBox.press('Enter');
  // The page fetches what may have changed before the events. A request for the queue of a chat
  // that the server does not know would be an error in the console.
  const historyFetched = page.waitForResponse('**/api/history?**');
  releaseEvents();
  await historyFetched;
  releaseSend();
  await expect(chat.userMessages).toHaveText([/The beginning/, /one/]);
});

test('queued messages stay after a stop, and "Send now" sends them; during an answer it stops that first', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  model.setScenario('tokens n=8 hold=4');
  await chat.sendMessage('The beginning');
  await chat.waitForToken(3);
  await queueMessage(chat, 'one');
  await chat.stopButton.click();
  await expect(page.getByText('Not sent: the answer was stopped.')).toBeVisible();
  await chat.reload();
  await expect(queued(chat)).toHaveText([/^one/]);
  await expectAccessible(page);

  await sendNow(chat).click();
  await expect(chat.userMessages).toHaveText([/The beginning/, /one/]);
  await expect(queue(chat)).toHaveCount(0);
  await expect.poll(() => chat.displayedTokens()).toEqual([0, 1, 2, 3]);

  await queueMessage(chat, 'two');
  model.setScenario('say text=done');
  await sendNow(chat).click();
  await expect(chat.answers).toHaveText([/t3/, /t3/, /done/]);
  await expect(chat.userMessages).toHaveText([/The beginning/, /one/, /two/]);
  await chat.reload();
  // The stopped answer is exactly what was displayed.
  await expect(chat.answers.nth(1)).toHaveText(/t0 t1 t2 t3/);
  await expect(chat.answers.nth(1)).not.toHaveText(/t4/);
});
