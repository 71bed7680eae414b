import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import {
  accountButton,
  chooseAccountMenuItem,
  createAccount,
  dialogField,
  newEmail,
  PASSWORD,
} from '@/tests/support/e2e/account';
import { expect, test } from '@/tests/support/e2e/fixtures';

// The browser logs every rejected sign-in and sign-up.
test.use({ allowedErrors: [/status of 40[09] .*\/api\/auth\//] });

test('a new account takes over the chats of the guest and shows them on another device', async ({
  page,
  browser,
  baseURL,
}) => {
  await openAsGuest(page);
  const chat = await createChatByApi(page);
  const email = await createAccount(page);
  await expect(chatLink(page, chat)).toBeVisible();

  const otherDevice = await browser.newContext({ baseURL });
  const otherDevicePage = await otherDevice.newPage();
  await openAsGuest(otherDevicePage);
  const chatOnOtherDevice = await createChatByApi(otherDevicePage);
  await signIn(otherDevicePage, email, PASSWORD);

  await expect(accountButton(otherDevicePage, email)).toBeVisible();
  await expect(chatLink(otherDevicePage, chat)).toBeVisible();
  await expect(chatLink(otherDevicePage, chatOnOtherDevice)).toBeVisible();
  await otherDevice.close();
});

test('signing out removes all data of the account from the page', async ({ page }) => {
  await openAsGuest(page);
  const chat = await createChatByApi(page);
  const email = await createAccount(page);
  await expect(chatLink(page, chat)).toBeVisible();

  await chooseAccountMenuItem(page, 'Sign out');

  await expect(accountButton(page, 'Guest')).toBeVisible();
  await expect(chatLink(page, chat)).toHaveCount(0);
  await expect(page.getByText(email)).toHaveCount(0);
});

test('a guest is warned before signing out and can keep the chats instead', async ({ page }) => {
  await openAsGuest(page);
  const chat = await createChatByApi(page);
  await chooseAccountMenuItem(page, 'Sign out');
  const warning = page.getByRole('alertdialog');
  await expect(warning).toContainText('nobody can open them again');

  await warning.getByRole('button', { name: 'Cancel' }).click();
  await expect(chatLink(page, chat)).toBeVisible();

  await chooseAccountMenuItem(page, 'Sign out');
  await warning.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('dialog', { name: 'Create account' })).toBeVisible();
  await page.keyboard.press('Escape');

  // The unsent draft is removed: the next user of the browser must not see it.
  const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
  await page.getByRole('textbox', { name: 'Message' }).fill('A thought of mine');
  await expect.poll(stored).toContain('A thought of mine');
  await chooseAccountMenuItem(page, 'Sign out');
  await warning.getByRole('button', { name: 'Sign out' }).click();
  await expect(chatLink(page, chat)).toHaveCount(0);
  expect(await stored()).not.toContain('A thought of mine');
});

test('each error is shown at the field it belongs to', async ({ page }) => {
  await openAsGuest(page);
  const email = await createAccount(page);
  await chooseAccountMenuItem(page, 'Sign out');
  await expect(accountButton(page, 'Guest')).toBeVisible();

  await chooseAccountMenuItem(page, 'Create account');
  const dialog = page.getByRole('dialog');
  const submit = dialog.getByRole('button', { name: 'Create account' });
  await submit.click();
  await expect(dialogField(page, 'Email')).toHaveAccessibleDescription('Enter your email address.');
  await expect(dialogField(page, 'Email')).toBeFocused();

  await dialogField(page, 'Email').fill(email);
  await dialogField(page, 'Password').fill('short');
  await submit.click();
  await expect(dialogField(page, 'Password')).toHaveAccessibleDescription(/at least 8 characters/);

  await dialogField(page, 'Password').fill('another password');
  await submit.click();
  await expect(
    dialog.getByText('Couldn’t create an account with this email address and password'),
  ).toBeVisible();

  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialogField(page, 'Email')).toHaveValue(email);
  await dialogField(page, 'Password').fill('wrong horse');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toHaveText('The email address or password is incorrect.');
});

test('an account can be created with the keyboard alone', async ({ page }) => {
  await openAsGuest(page);
  const button = accountButton(page, 'Guest');
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Settings' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Sign in' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Create account' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialogField(page, 'Email')).toBeFocused();
  const email = newEmail();
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(accountButton(page, email)).toBeVisible();
});

test('signing in in another tab signs in this one too', async ({ page, context }) => {
  await openAsGuest(page);
  const email = await createAccount(page);
  await chooseAccountMenuItem(page, 'Sign out');
  await expect(accountButton(page, 'Guest')).toBeVisible();
  const second = await context.newPage();
  await openAsGuest(second);
  await signIn(second, email, PASSWORD);
  await expect(accountButton(second, email)).toBeVisible();

  await page.bringToFront();
  await expect(async () => {
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await expect(accountButton(page, email)).toBeVisible({ timeout: 500 });
  }).toPass();
});

test('an unsent draft is shown only to its author, also after a guest signs in', async ({
  page,
}) => {
  const messageBox = page.getByRole('textbox', { name: 'Message' });
  await openAsGuest(page);
  await messageBox.fill('A thought of mine');
  const email = await createAccount(page);
  await expect(messageBox).toHaveValue('A thought of mine');
  await chooseAccountMenuItem(page, 'Sign out');
  await expect(accountButton(page, 'Guest')).toBeVisible();
  await expect(messageBox).toHaveValue('');
  await createAccount(page);
  await expect(messageBox).toHaveValue('');
  await chooseAccountMenuItem(page, 'Sign out');
  await expect(accountButton(page, 'Guest')).toBeVisible();
  await signIn(page, email, PASSWORD);
  await expect(accountButton(page, email)).toBeVisible();
  await expect(messageBox).toHaveValue('A thought of mine');
});

test('a user whose session has ended is prompted to sign in and returns to the chat', async ({
  page,
  context,
  monitor,
}) => {
  monitor.allowErrors(/status of 40[14]/);
  const messageBox = page.getByRole('textbox', { name: 'Message' });
  await openAsGuest(page);
  const email = await createAccount(page);
  const chat = await createChatByApi(page);
  await chatLink(page, chat).click();
  await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('You said: Hello');

  // The page detects it with the next request and does not create a guest session.
  await context.clearCookies();
  await messageBox.fill('Still there?');
  await messageBox.press('Enter');
  const alert = page.getByRole('alert').filter({ hasText: 'Your session has ended. Sign in' });
  await expect(alert.first()).toBeVisible();
  await expect(messageBox).toHaveValue('Still there?');
  await expect(page.getByText('does not exist')).toHaveCount(0);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await submitSignIn(page, email, PASSWORD);
  await expect(page).toHaveURL(new RegExp(`/chat/${chat}$`));
  await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('You said: Hello');
  await expect(messageBox).toHaveValue('Still there?');

  // A page loaded without the session also offers to sign in.
  await context.clearCookies();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Chat not found' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await submitSignIn(page, email, PASSWORD);
  await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('You said: Hello');
});

test('a page whose account was signed out in another tab neither shows nor changes the data of the next account', async ({
  page,
  context,
  monitor,
}) => {
  monitor.allowErrors(/status of 401/);
  await openAsGuest(page);
  const chat = await createChatByApi(page);
  const email = await createAccount(page);
  const second = await context.newPage();
  await second.goto('/');
  await expect(accountButton(second, email)).toBeVisible();
  await chooseAccountMenuItem(second, 'Sign out');
  await expect(accountButton(second, 'Guest')).toBeVisible();
  await createAccount(second);
  const otherChat = await createChatByApi(second);

  const messageBox = page.getByRole('textbox', { name: 'Message' });
  await messageBox.fill('For my own chats');
  await messageBox.press('Enter');
  await expect(
    page.getByRole('alert').filter({ hasText: 'Your session has ended. Sign in' }).first(),
  ).toBeVisible();
  await expect(messageBox).toHaveValue('For my own chats');
  await expect(chatLink(page, otherChat)).toHaveCount(0);
  await expect(chatLink(page, chat)).toBeVisible();
  await second.reload();
  await expect(chatLink(second, otherChat)).toBeVisible();
  await expect(second.getByRole('navigation', { name: 'Chats' }).getByRole('link')).toHaveCount(1);
});

test('the account dialog has no accessibility violations', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openAsGuest(page);
  await chooseAccountMenuItem(page, 'Create account');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Enter a password.')).toBeVisible();
  await expectAccessible(page, '[role="dialog"]');
});

async function openAsGuest(page: Page): Promise<void> {
  await page.goto('/');
  await expect(accountButton(page, 'Guest')).toBeVisible();
}

function chatLink(page: Page, chatId: string): Locator {
  return page.locator(`a[href="/chat/${chatId}"]`);
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await chooseAccountMenuItem(page, 'Sign in');
  await submitSignIn(page, email, password);
}

async function submitSignIn(page: Page, email: string, password: string): Promise<void> {
  await dialogField(page, 'Email').fill(email);
  await dialogField(page, 'Password').fill(password);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
}

/** Sends a message in a new chat and waits until the chat is listed. @returns the chat's id */
async function createChatByApi(page: Page): Promise<string> {
  const id = randomUUID();
  const { defaultRef } = await (await page.request.get('/api/models')).json();
  const response = await page.request.post('/api/chat', {
    data: {
      id,
      message: { id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
      parentId: null,
      selectedChatModel: defaultRef,
    },
  });
  expect(response.status()).toBe(200);
  await response.text();
  await page.reload();
  await expect(chatLink(page, id)).toBeVisible();
  return id;
}
