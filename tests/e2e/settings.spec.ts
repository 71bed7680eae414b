import type { Page } from '@playwright/test';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import { type ChatPage, findAnswerRequest } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';

const settingsOf = (page: Page) => page.getByRole('dialog', { name: 'Settings' });
const openTabOf = async (page: Page, name: string) => {
  await settingsOf(page).getByRole('tab', { name }).click();
};
const htmlAttribute = ({ page }: ChatPage, name: string) => page.locator('html').getAttribute(name);

test('settings apply at once in every window, before a page has loaded, and in every chat', async ({
  chat,
  page,
  openTab,
  model,
}) => {
  await chat.open();
  const other = await (await openTab()).open();
  await page.keyboard.press('ControlOrMeta+,');
  await expect(settingsOf(page)).toBeVisible();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('radio', { name: 'Large', exact: true }).check();
  await page.getByRole('radio', { name: 'Wide' }).check();
  for (const { page: window } of [chat, other]) {
    await expect(window.locator('html')).toHaveClass(/\bdark\b/);
    await expect(window.locator('html')).toHaveAttribute('data-text-size', 'large');
    await expect(window.locator('html')).toHaveAttribute('data-column-width', 'wide');
  }
  await page.getByRole('radio', { name: 'System' }).check();

  for (const name of ['General', 'Keyboard', 'Personal', 'Data', 'Account', 'About']) {
    await openTabOf(page, name);
    await expect(settingsOf(page).getByRole('tabpanel', { name })).toBeVisible();
    await expectAccessible(page, '[role="dialog"]');
  }
  await openTabOf(page, 'Personal');
  await settingsOf(page).getByRole('textbox', { name: 'Your name' }).fill('Ada');
  await settingsOf(page).getByRole('combobox', { name: 'Language of answers' }).fill('German');
  await settingsOf(page)
    .getByRole('textbox', { name: 'Instructions for all chats' })
    .fill('Answer in rhymes.');
  await page.keyboard.press('Escape');
  await expect(settingsOf(page)).toHaveCount(0);
  await expect(chat.messageBox).toBeFocused();

  // Without scripts, as before they have loaded.
  const html = await (await page.request.get('/')).text();
  expect(html).toMatch(/<html[^>]* data-text-size="large" data-column-width="wide"/);
  expect(await htmlAttribute(chat, 'data-text-size')).toBe('large');

  await other.page.keyboard.press('ControlOrMeta+,');
  await openTabOf(other.page, 'Personal');
  await expect(other.page.getByRole('textbox', { name: 'Your name' })).toHaveValue('Ada');
  await other.page.keyboard.press('Escape');
  await other.sendAndWait('[[title:text=Rhymes]] [[scenario:tokens n=2]]');
  const request = findAnswerRequest(model, 'tokens n=2');
  const system = String(request?.body.messages.find(({ role }) => role === 'system')?.content);
  expect(system).toMatch(/name is Ada\.[\s\S]*German[\s\S]*\n\nAnswer in rhymes\.$/);
});

test('the key that sends and every shortcut can be changed, and conflicts are shown', async ({
  chat,
  page,
}) => {
  await chat.open();
  await page.keyboard.press('ControlOrMeta+/');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(list.getByText('Ctrl+Shift+O')).toBeVisible();
  await expectAccessible(page, '[role="dialog"]');
  // A shortcut does nothing while a dialog is open.
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await list.getByRole('button', { name: 'Change shortcuts' }).click();
  const settings = settingsOf(page);
  await settings.getByRole('radio', { name: 'Ctrl+Enter' }).check();
  await settings.getByRole('button', { name: /^Command palette: / }).press('Enter');
  await page.keyboard.press('Control+Shift+o');
  const changed = settings.getByRole('button', { name: 'Command palette: Ctrl+Shift+O' });
  await expect(changed).toHaveAccessibleDescription('Also used for: New chat');
  await changed.press('Enter');
  await page.keyboard.press('Escape');
  await expect(changed).toBeFocused();
  await changed.press('Enter');
  await page.keyboard.press('Alt+p');
  await expect(settings.getByText(/Also used for/)).toHaveCount(0);
  await page.keyboard.press('Escape');

  await chat.messageBox.fill('Two');
  await chat.messageBox.press('Enter');
  await chat.messageBox.pressSequentially('lines');
  await expect(chat.messageBox).toHaveValue('Two\nlines');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Alt+p');
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press('ControlOrMeta+,');
  await openTabOf(page, 'Keyboard');
  await settings.getByRole('button', { name: 'Reset: Command palette' }).click();
  await expect(settings.getByRole('button', { name: 'Command palette: Ctrl+K' })).toBeVisible();
  await settings.getByRole('switch', { name: 'Keyboard shortcuts' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('ControlOrMeta+,');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('chats are exported as a file, and all are deleted after a question', async ({
  chat,
  page,
  openTab,
}) => {
  await chat.open();
  await chat.sendAndWait('[[title:text=Kept]] [[scenario:tokens n=3]]');
  const other = await (await openTab()).open(new URL(page.url()).pathname);
  await page.keyboard.press('ControlOrMeta+,');
  await openTabOf(page, 'Data');
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toMatch(/^throughline-.*\.json$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  const { chats } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  expect(chats).toMatchObject([{ title: 'Kept', messages: [{ role: 'user' }, {}] }]);

  await page.getByRole('button', { name: 'Delete all chats' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete all chats?' });
  await expectAccessible(page, '[role="alertdialog"]');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(other.chatLink('Kept')).toHaveCount(1);
  await page.getByRole('button', { name: 'Delete all chats' }).click();
  await question.getByRole('button', { name: 'Delete all chats' }).click();
  await expect(chat.history.getByText('No chats yet')).toBeVisible();
  await expect(other.page.getByText('This chat was deleted')).toBeVisible();
  await expect(other.chatLink('Kept')).toHaveCount(0);
});
