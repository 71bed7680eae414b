import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';

const pathOf = ({ page }: ChatPage) => new URL(page.url()).pathname;
const editor = ({ page }: ChatPage) => page.getByRole('textbox', { name: 'Edit message' });
const switcher = (chat: ChatPage, name: string) => chat.log.getByRole('group', { name });

async function startEdit(chat: ChatPage, index: number): Promise<void> {
  const message = chat.userMessages.nth(index);
  await message.hover();
  await message.getByRole('button', { name: 'Edit' }).click();
  await expect(editor(chat)).toBeFocused();
}

test('an edited message becomes a version of it in every tab, and nothing is overwritten', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('say text=one');
  const text = '  First *line*\n\n\tsecond 👩‍🚀 line  ';
  await chat.sendAndWait(text);
  await chat.sendAndWait('Follow-up');
  const other = await openTab();
  await other.open(pathOf(chat));

  await startEdit(chat, 0);
  await expect(editor(chat)).toHaveValue(text);
  await editor(chat).fill('Never sent');
  await chat.page.keyboard.press('Escape');
  await expect(editor(chat)).toHaveCount(0);
  await expect(chat.userMessages.first()).toContainText('second');

  model.setScenario('say text=two');
  await startEdit(chat, 0);
  await editor(chat).fill('Another beginning');
  await chat.page.keyboard.press('ControlOrMeta+Enter');
  for (const tab of [chat, other]) {
    await expect(tab.answers).toHaveText([/two/]);
    await expect(tab.userMessages).toHaveText([/Another beginning/]);
    await expect(switcher(tab, 'Version 2 of 2')).toContainText('2 / 2');
  }
  await switcher(other, 'Version 2 of 2').getByRole('button', { name: 'Next version' }).focus();
  await other.page.keyboard.press('ArrowLeft');
  for (const tab of [chat, other]) {
    await expect(tab.userMessages).toHaveText([/second/, /Follow-up/]);
    await expect(tab.answers).toHaveText([/one/, /one/]);
  }

  // ↑ in the empty box edits the last message.
  await chat.messageBox.press('ArrowUp');
  await expect(editor(chat)).toHaveValue('Follow-up');
  await editor(chat).fill('Another follow-up');
  await chat.page.getByRole('button', { name: 'Send', exact: true }).first().click();
  await expect(other.userMessages).toHaveText([/second/, /Another follow-up/]);
  await expect(other.answers).toHaveText([/one/, /two/]);

  // An earlier answer can be regenerated as well; what followed it stays on its branch.
  model.setScenario('say text=three');
  await chat.answers.first().hover();
  await chat.answers.first().getByRole('button', { name: 'Regenerate' }).click();
  for (const tab of [chat, other]) await expect(tab.answers).toHaveText([/three/]);
  await chat.answer.getByRole('button', { name: 'Previous version' }).click();
  for (const tab of [chat, other]) await expect(tab.answers).toHaveText([/one/, /two/]);
});

test('other branches can be opened, edited and answered while an answer is running', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('say text=one');
  await chat.sendAndWait('The beginning');
  const other = await openTab();
  await other.open(pathOf(chat));
  model.setScenario('tokens n=60 rate=0 hold=20');
  await startEdit(chat, 0);
  await editor(chat).fill('Runs for long');
  await chat.page.keyboard.press('ControlOrMeta+Enter');
  await chat.expectTokens(20);
  await other.expectTokens(20);

  await switcher(chat, 'Version 2 of 2').getByRole('button', { name: 'Previous version' }).click();
  for (const tab of [chat, other]) {
    await expect(tab.answers).toHaveText([/one/]);
    await expect(tab.sendButton).toBeVisible();
  }
  model.setScenario('say text=meanwhile');
  await other.sendAndWait('A message on this branch');
  await expect(chat.answers).toHaveText([/one/, /meanwhile/]);
  await startEdit(chat, 1);
  await editor(chat).fill('An edit on this branch');
  await chat.page.keyboard.press('ControlOrMeta+Enter');
  for (const tab of [chat, other]) {
    await expect(tab.userMessages).toHaveText([/The beginning/, /An edit on this branch/]);
    await expect(tab.answers).toHaveText([/one/, /meanwhile/]);
  }

  await switcher(other, 'Version 1 of 2').getByRole('button', { name: 'Next version' }).click();
  for (const tab of [chat, other]) await tab.expectTokens(20);
  await chat.reload();
  await chat.expectTokens(20);
  model.release();
  for (const tab of [chat, other]) await tab.expectFinishedWithTokens(60);
});

test('a version can be deleted, and restored from the toast', async ({ chat, openTab, model }) => {
  await chat.open();
  model.setScenario('say text=one');
  await chat.sendAndWait('The beginning');
  const other = await openTab();
  await other.open(pathOf(chat));
  model.setScenario('say text=two');
  await chat.answer.getByRole('button', { name: 'Regenerate' }).click();
  for (const tab of [chat, other]) await expect(tab.answers).toHaveText([/two/]);
  await chat.answer.getByRole('button', { name: 'More actions' }).click();
  await chat.page.getByRole('menuitem', { name: 'Delete this version' }).click();
  for (const tab of [chat, other]) {
    await expect(tab.answers).toHaveText([/one/]);
    await expect(tab.log.getByRole('group')).toHaveCount(0);
  }
  await chat.page.getByRole('button', { name: 'Undo' }).click();
  for (const tab of [chat, other]) {
    await expect(tab.answers).toHaveText([/two/]);
    await expect(switcher(tab, 'Version 2 of 2')).toBeVisible();
  }
});

test('a new chat from a message has the conversation up to there', async ({ chat, model }) => {
  await chat.open();
  model.setScenario('say text=one');
  await chat.sendAndWait('The beginning');
  model.setScenario('say text=two');
  await chat.sendAndWait('The end');
  const original = pathOf(chat);
  await chat.answers.first().hover();
  await chat.answers.first().getByRole('button', { name: 'New chat from here' }).click();
  await expect(chat.answers).toHaveText([/one/]);
  expect(pathOf(chat)).not.toBe(original);
  await expect(chat.history.getByRole('link')).toHaveCount(2);
  await chat.sendAndWait('Another end');
  await chat.page.goBack();
  await expect(chat.userMessages).toHaveText([/The beginning/, /The end/]);
});

test('an edit that is rejected keeps its text', async ({ chat, openTab, monitor }) => {
  monitor.allowErrors(/status of 409|ERR_FAILED/);
  await chat.open();
  await chat.sendAndWait('The first question');
  const stale = await openTab();
  await stale.page.route('**/api/events', (route) => route.abort());
  await stale.open(pathOf(chat));
  await chat.sendAndWait('The second question');
  await startEdit(stale, 0);
  await editor(stale).fill('An edit in an outdated tab');
  await stale.page.keyboard.press('ControlOrMeta+Enter');
  await expect(stale.alert).toContainText('was changed in another tab');
  await expect(stale.answers).toHaveCount(2);
  await expect(editor(stale)).toHaveValue('An edit in an outdated tab');
  await stale.page.keyboard.press('ControlOrMeta+Enter');
  await expect(chat.userMessages).toHaveText([/An edit in an outdated tab/]);
});
