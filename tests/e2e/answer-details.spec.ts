import { expectAccessible } from '@/tests/support/e2e/accessibility';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

/** All details but the time, which is relative. */
const figures = async (chat: ChatPage) =>
  (await details(chat).getByRole('definition').allTextContents()).slice(1);
const details = ({ page }: ChatPage) => page.getByRole('dialog', { name: 'Answer details' });

test('an answer has its details behind a button, the same in every tab, and is copied as Markdown or plain text', async ({
  chat,
  openTab,
}) => {
  await chat.open();
  await chat.sendAndWait('[[scenario:say text="A **bold** [link](https://a.test/)"]]');
  const button = chat.answer.getByRole('button', { name: 'Answer details' });
  // By keyboard alone; Escape returns the focus.
  await button.focus();
  await chat.page.keyboard.press('Enter');
  await expect(details(chat)).toContainText('Tokens out');
  await expect(details(chat)).toContainText('Time to first token');
  await expect(details(chat)).toContainText('tokens/s');
  const time = details(chat).locator('time');
  await expect(time).toContainText('now');
  await expect(time).toHaveAttribute('title', /20\d\d/);
  await expectAccessible(chat.page);
  const values = await figures(chat);
  expect(values.length).toBeGreaterThan(3);
  const exactTime = await time.getAttribute('title');
  await chat.page.keyboard.press('Escape');
  await expect(details(chat)).toHaveCount(0);
  await expect(button).toBeFocused();

  const other = await openTab();
  await other.open(new URL(chat.page.url()).pathname);
  const otherButton = other.answer.getByRole('button', { name: 'Answer details' });
  await otherButton.click();
  await expect(details(other)).toContainText('Tokens out');
  expect(await figures(other)).toEqual(values);
  await expect(details(other).locator('time')).toHaveAttribute('title', exactTime as string);
  await otherButton.click();
  await expect(details(other)).toHaveCount(0);

  for (const [item, copied] of [
    ['Copy as Markdown', 'A **bold** [link](https://a.test/)'],
    ['Copy as plain text', 'A bold link (https://a.test/)'],
  ] as const) {
    await chat.answer.getByRole('button', { name: 'More actions' }).click();
    await chat.page.getByRole('menuitem', { name: item }).click();
    await expect.poll(() => chat.page.evaluate(() => navigator.clipboard.readText())).toBe(copied);
  }
});
