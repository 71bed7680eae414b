import { createAccount } from '@/tests/support/e2e/account';
import { expect, test } from '@/tests/support/e2e/fixtures';

test.use({ baseURL: async ({ app }, use) => use(`http://chat.test:${app.port}`) });

test('sending and copying work on a plain HTTP origin', async ({ chat, page }) => {
  await chat.open();
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await chat.sendAndWait(
    '[[title:text=Plain]][[scenario:say text="Here:\n\n```\nthe code\n```\n"]]',
  );
  await chat.answer.getByRole('button', { name: 'Copy code' }).click();
  await expect(chat.answer.getByRole('button', { name: 'Copied' })).toBeVisible();
  await chat.messageBox.focus();
  await page.keyboard.press('ControlOrMeta+V');
  await expect(chat.messageBox).toHaveValue('the code');

  await chat.messageBox.fill('');
  await chat.userMessages.getByRole('button', { name: 'Copy message' }).click();
  await chat.messageBox.focus();
  await page.keyboard.press('ControlOrMeta+V');
  await expect(chat.messageBox).toHaveValue(/title:text=Plain/);

  await chat.sendAndWait('Second turn');
  await chat.reload();
  await expect(chat.userMessages).toHaveCount(2);
  await expect(chat.chatLink('Plain')).toBeVisible();
});

test('an account can be created on a plain HTTP origin', async ({ chat, page }) => {
  await chat.open();
  await createAccount(page);
});
