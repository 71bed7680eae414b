import { expect, test } from '@/tests/support/e2e';
import type { ChatPage } from '@/tests/support/e2e-chat';

test.afterEach(({ model }) => model.setScenario(null));

const pathOf = ({ page }: ChatPage) => new URL(page.url()).pathname;
const again = (chat: ChatPage) => chat.answer.getByRole('button', { name: 'Try again' });
const previous = (chat: ChatPage) => chat.answer.getByRole('button', { name: 'Previous version' });
const next = (chat: ChatPage) => chat.answer.getByRole('button', { name: 'Next version' });
const version = (chat: ChatPage, name: string) =>
  expect(chat.answer.getByRole('group', { name })).toBeVisible();

test('an answer made anew leaves the one before it in reach, in every window and after a reload', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('say text=one');
  await chat.askAndWait('Say a number');
  await expect(chat.answer.getByRole('group')).toHaveCount(0);
  const other = await openTab();
  await other.open(pathOf(chat));

  model.setScenario('say text=two');
  await again(chat).click();
  await version(chat, 'Version 2 of 2');
  await expect(chat.answer).toContainText('two');
  await version(other, 'Version 2 of 2');
  await expect(other.answer).toContainText('two');

  await previous(chat).focus();
  await chat.page.keyboard.press('Enter');
  for (const tab of [chat, other]) {
    await version(tab, 'Version 1 of 2');
    await expect(tab.answer).toContainText('one');
    await expect(tab.answers).toHaveCount(1);
  }
  await expect(previous(chat)).toBeFocused();
  await chat.reload();
  await version(chat, 'Version 1 of 2');
  await expect(chat.answer).toContainText('one');

  // What is said next belongs to the version that is open, and is there again with it.
  model.setScenario('say text=more');
  await other.askAndWait('Go on');
  await expect(chat.answers).toHaveText([/one/, /more/]);
  await chat.answers.first().getByRole('button', { name: 'Next version' }).click();
  for (const tab of [chat, other]) await expect(tab.answers).toHaveText([/two/]);
  await previous(other).click();
  for (const tab of [chat, other]) await expect(tab.answers).toHaveText([/one/, /more/]);
});

test('an answer that fails takes nobody’s place, and says why', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('say text=good');
  await chat.askAndWait('Say something');
  const other = await openTab();
  await other.open(pathOf(chat));
  model.setScenario('die after=2');
  await again(chat).click();
  await expect(chat.alert).toContainText('The new version failed');
  for (const tab of [chat, other]) {
    await version(tab, 'Version 1 of 2');
    await expect(tab.answer).toContainText('good');
  }
  await next(chat).click();
  await expect(chat.answer).toContainText('t0 t1');
  await version(other, 'Version 2 of 2');
});

test('a tab that is out of date hides nothing: it is told, and shows what there is', async ({
  chat,
  openTab,
  watch,
}) => {
  watch.expect(/status of 409|ERR_FAILED/);
  await chat.open();
  await chat.askAndWait('The first question');
  const stale = await openTab();
  await stale.page.route('**/api/events', (route) => route.abort());
  await stale.open(pathOf(chat));
  await chat.askAndWait('The second question');
  await again(stale).click();
  await expect(stale.alert).toContainText('moved on');
  for (const tab of [chat, stale]) {
    await expect(tab.questions).toHaveText([/The first question/, /The second question/]);
    await expect(tab.answers).toHaveCount(2);
  }
});
