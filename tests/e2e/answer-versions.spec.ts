import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';

const pathOf = ({ page }: ChatPage) => new URL(page.url()).pathname;
const retryButton = (chat: ChatPage) => chat.answer.getByRole('button', { name: 'Regenerate' });
const previousVersionButton = (chat: ChatPage) =>
  chat.answer.getByRole('button', { name: 'Previous version' });
const nextVersionButton = (chat: ChatPage) =>
  chat.answer.getByRole('button', { name: 'Next version' });
const expectAnswerVersion = (chat: ChatPage, name: string) =>
  expect(chat.answer.getByRole('group', { name })).toBeVisible();

test('a regenerated answer keeps the previous version reachable, in every tab and after a reload', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('say text=one');
  await chat.sendAndWait('Say a number');
  await expect(chat.answer.getByRole('group')).toHaveCount(0);
  const other = await openTab();
  await other.open(pathOf(chat));

  model.setScenario('say text=two');
  await retryButton(chat).click();
  await expectAnswerVersion(chat, 'Version 2 of 2');
  await expect(chat.answer).toContainText('two');
  await expectAnswerVersion(other, 'Version 2 of 2');
  await expect(other.answer).toContainText('two');

  await previousVersionButton(chat).focus();
  await chat.page.keyboard.press('Enter');
  for (const tab of [chat, other]) {
    await expectAnswerVersion(tab, 'Version 1 of 2');
    await expect(tab.answer).toContainText('one');
    await expect(tab.answers).toHaveCount(1);
  }
  await expect(previousVersionButton(chat)).toBeFocused();
  await chat.reload();
  await expectAnswerVersion(chat, 'Version 1 of 2');
  await expect(chat.answer).toContainText('one');

  // The next messages belong to the displayed version and reappear with it.
  model.setScenario('say text=more');
  await other.sendAndWait('Go on');
  await expect(chat.answers).toHaveText([/one/, /more/]);
  await chat.answers.first().getByRole('button', { name: 'Next version' }).click();
  for (const tab of [chat, other]) await expect(tab.answers).toHaveText([/two/]);
  await previousVersionButton(other).click();
  for (const tab of [chat, other]) await expect(tab.answers).toHaveText([/one/, /more/]);
});

test('a failed answer does not replace the previous version, and says why it failed', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('say text=good');
  await chat.sendAndWait('Say something');
  const other = await openTab();
  await other.open(pathOf(chat));
  model.setScenario('disconnect after=2');
  await retryButton(chat).click();
  await expect(chat.alert).toContainText('The new answer failed');
  for (const tab of [chat, other]) {
    await expectAnswerVersion(tab, 'Version 1 of 2');
    await expect(tab.answer).toContainText('good');
  }
  await nextVersionButton(chat).click();
  await expect(chat.answer).toContainText('t0 t1');
  await expectAnswerVersion(other, 'Version 2 of 2');
});

test('an outdated tab reports newer messages and shows them', async ({
  chat,
  openTab,
  monitor,
}) => {
  monitor.allowErrors(/status of 409|ERR_FAILED/);
  await chat.open();
  await chat.sendAndWait('The first question');
  const stale = await openTab();
  await stale.page.route('**/api/events', (route) => route.abort());
  await stale.open(pathOf(chat));
  await chat.sendAndWait('The second question');
  await retryButton(stale).click();
  await expect(stale.alert).toContainText('was changed in another tab');
  for (const tab of [chat, stale]) {
    await expect(tab.userMessages).toHaveText([/The first question/, /The second question/]);
    await expect(tab.answers).toHaveCount(2);
  }
});
