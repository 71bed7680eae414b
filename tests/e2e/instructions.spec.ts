import type { Locator } from '@playwright/test';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import { type ChatPage, findAnswerRequest } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { createGate } from '@/tests/support/gate';
import type { ModelServer } from '@/tests/support/model-server';

const headerButton = ({ page }: ChatPage) =>
  page.getByRole('button', { name: /^Instructions for this chat/ });
const dialogOf = ({ page }: ChatPage) =>
  page.getByRole('dialog', { name: 'Instructions for this chat' });
const fieldOf = (chat: ChatPage) =>
  dialogOf(chat).getByRole('textbox', { name: 'Instructions', exact: true });
const saveButton = (chat: ChatPage) => dialogOf(chat).getByRole('button', { name: 'Save' });

async function setInstructions(chat: ChatPage, opener: Locator, text: string): Promise<void> {
  await opener.click();
  await fieldOf(chat).fill(text);
  await saveButton(chat).click();
  await expect(dialogOf(chat)).toHaveCount(0);
}

/** The system prompt of the newest answer request with this scenario. */
function sentSystemPrompt(model: ModelServer, scenario: string): string {
  const request = findAnswerRequest(model, scenario);
  return String(request?.body.messages.find(({ role }) => role === 'system')?.content);
}

test('instructions set in a new chat reach the model, survive a reload, and change in every tab', async ({
  chat,
  page,
  openTab,
  model,
}) => {
  await chat.open();
  await headerButton(chat).click();
  await expect(fieldOf(chat)).toBeFocused();
  await expectAccessible(page, '[role="dialog"]');
  await fieldOf(chat).fill('Answer in rhymes.');
  await fieldOf(chat).press('ControlOrMeta+Enter');
  await expect(dialogOf(chat)).toHaveCount(0);
  await expect(headerButton(chat)).toBeFocused();
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat (set)');

  // Before the first message the browser stores them.
  await chat.reload();
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat (set)');
  await chat.sendAndWait('[[title:text=Rhymes]] [[scenario:tokens n=2]]');
  expect(sentSystemPrompt(model, 'tokens n=2')).toMatch(/\n\nAnswer in rhymes\.$/);
  await chat.reload();
  await headerButton(chat).click();
  await expect(fieldOf(chat)).toHaveValue('Answer in rhymes.');
  await page.keyboard.press('Escape');
  await expect(dialogOf(chat)).toHaveCount(0);

  const other = await (await openTab()).open(new URL(page.url()).pathname);
  await other.page.getByRole('button', { name: 'Options for Rhymes' }).click();
  const menuItem = other.page.getByRole('menuitem', { name: 'Instructions for this chat' });
  await setInstructions(other, menuItem, '');
  for (const tab of [chat, other]) {
    await expect(headerButton(tab)).toHaveAccessibleName('Instructions for this chat');
  }
  await setInstructions(chat, headerButton(chat), 'Answer in prose.');
  await expect(headerButton(other)).toHaveAccessibleName('Instructions for this chat (set)');
  await other.sendAndWait('And now? [[scenario:tokens n=3]]');
  expect(sentSystemPrompt(model, 'tokens n=3')).toMatch(/\n\nAnswer in prose\.$/);

  // The next new chat has none.
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat');

  // The instructions arrive with the chat; no separate request is sent for them.
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/settings')) requests.push(request.url());
  });
  await chat.chatLink('Rhymes').click();
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat (set)');
  await headerButton(chat).click();
  await expect(fieldOf(chat)).toHaveValue('Answer in prose.');
  expect(requests).toEqual([]);
});

test('instructions of a message that is accepted after its chat was left stay with that chat', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendAndWait('[[title:text=Other]] [[scenario:tokens n=1]]');
  await expect(chat.chatLink('Other')).toBeVisible();
  const newChatButton = page.getByRole('button', { name: 'New chat' }).first();
  await newChatButton.click();
  await setInstructions(chat, headerButton(chat), 'Answer in rhymes.');
  const { opened, open } = createGate();
  await page.route('**/api/chat', async (route) => {
    await opened;
    await route.continue();
  });
  const sent = page.waitForRequest('**/api/chat');
  await chat.sendMessage('[[title:text=Left]] [[scenario:tokens n=2]]');
  await sent;
  await setInstructions(chat, headerButton(chat), 'Answer in prose.');

  await chat.chatLink('Other').click();
  await expect(chat.answer).toContainText('t0');
  await newChatButton.click();
  await expect(chat.answers).toHaveCount(0);
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat');
  const changed = page.waitForRequest((request) => request.method() === 'PATCH');
  open();
  expect((await changed).postDataJSON()).toEqual({ systemPrompt: 'Answer in prose.' });
  await expect.poll(() => sentSystemPrompt(model, 'tokens n=2')).toMatch(/\n\nAnswer in rhymes\.$/);
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat');
  await chat.reload();
  await chat.sendAndWait('Hello');
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat');
  await chat.chatLink('Left').click();
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat (set)');
});

test('stored instructions apply to a message that is sent before the session is known', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await setInstructions(chat, headerButton(chat), 'Answer in rhymes.');
  const { opened, open } = createGate();
  await page.route('**/api/session', async (route) => {
    await opened;
    await route.continue();
  });
  const sessionRequest = page.waitForRequest('**/api/session');
  await page.reload();
  await sessionRequest;
  await chat.sendMessage('[[scenario:tokens n=4]]');
  open();
  await chat.expectFinishedWithTokens(4);
  expect(sentSystemPrompt(model, 'tokens n=4')).toMatch(/\n\nAnswer in rhymes\.$/);
});

test('instructions that cannot be reloaded are not edited, since they may be outdated', async ({
  chat,
  page,
  monitor,
}) => {
  monitor.allowErrors(/status of 503/);
  const path = '**/api/chat/*/settings';
  await chat.open();
  await chat.sendAndWait('[[title:text=Outdated]] [[scenario:tokens n=2]]');
  const refetched = page.waitForResponse(path);
  await setInstructions(chat, headerButton(chat), 'Answer in rhymes.');
  await (await refetched).finished();
  await page.route(path, async (route) => {
    const message = 'Couldn’t reach the database. Try again in a moment.';
    await route.fulfill({ status: 503, json: { code: 'database_unavailable', message } });
  });
  const openFromMenu = async () => {
    await page.getByRole('button', { name: 'Options for Outdated' }).click();
    await page.getByRole('menuitem', { name: 'Instructions for this chat' }).click();
  };
  await openFromMenu();
  await expect(dialogOf(chat).getByRole('alert')).toContainText('Couldn’t reach the database');
  await expect(fieldOf(chat)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(dialogOf(chat)).toHaveCount(0);
  await page.unroute(path);
  await openFromMenu();
  await expect(fieldOf(chat)).toHaveValue('Answer in rhymes.');
});

test('instructions that cannot be saved stay in the dialog', async ({ chat, page, monitor }) => {
  monitor.allowErrors(/status of 503/);
  await chat.open();
  await chat.sendAndWait('Hello');
  await page.route('**/api/chat/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    const message = 'Couldn’t reach the database. Try again in a moment.';
    await route.fulfill({ status: 503, json: { code: 'database_unavailable', message } });
  });
  await headerButton(chat).click();
  await fieldOf(chat).fill('x'.repeat(8_001));
  await expect(dialogOf(chat).getByRole('alert')).toHaveText(
    'Too long: the limit is 8,000 characters.',
  );
  await expect(fieldOf(chat)).toHaveAccessibleDescription(/characters\. Remove 1 character\.$/);
  await expect(saveButton(chat)).toBeDisabled();
  await fieldOf(chat).press('ControlOrMeta+Enter');
  await expect(fieldOf(chat)).toBeFocused();
  await fieldOf(chat).fill('Answer in rhymes.');
  await saveButton(chat).click();
  await expect(dialogOf(chat).getByRole('alert')).toContainText('Couldn’t reach the database');
  await expect(fieldOf(chat)).toHaveValue('Answer in rhymes.');
  // A click beside the dialog does not discard what was written.
  await page.mouse.click(5, 5);
  await expect(fieldOf(chat)).toHaveValue('Answer in rhymes.');
  await page.unroute('**/api/chat/*');
  await saveButton(chat).click();
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat (set)');
});

test('changed instructions are discarded only after a confirmation', async ({ chat, page }) => {
  await chat.open();
  await headerButton(chat).click();
  const confirmation = page.getByRole('alertdialog', { name: 'Discard your changes?' });
  await fieldOf(chat).fill('Answer in rhymes.');
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => dialogOf(chat).getByRole('button', { name: 'Close' }).click(),
    () => dialogOf(chat).getByRole('button', { name: 'Cancel' }).click(),
  ]) {
    await leave();
    await expectAccessible(page, '[role="alertdialog"]');
    await page.keyboard.press('Escape');
    await expect(confirmation).toHaveCount(0);
    await expect(fieldOf(chat)).toBeFocused();
    await expect(fieldOf(chat)).toHaveValue('Answer in rhymes.');
  }
  await page.keyboard.press('Escape');
  await confirmation.getByRole('button', { name: 'Keep editing' }).click();
  await expect(fieldOf(chat)).toBeFocused();
  await page.keyboard.press('Escape');
  await confirmation.getByRole('button', { name: 'Discard' }).click();
  await expect(dialogOf(chat)).toHaveCount(0);
  await expect(headerButton(chat)).toBeFocused();

  // Without changes there is nothing to confirm.
  await headerButton(chat).click();
  await fieldOf(chat).fill('  ');
  await page.keyboard.press('Escape');
  await expect(dialogOf(chat)).toHaveCount(0);
  await expect(confirmation).toHaveCount(0);
});

test('instructions that another tab has changed meanwhile are replaced only by choice', async ({
  chat,
  page,
  openTab,
  monitor,
}) => {
  monitor.allowErrors(/status of 409/);
  await chat.open();
  await chat.sendAndWait('[[title:text=Shared]] [[scenario:tokens n=2]]');
  const other = await (await openTab()).open(new URL(page.url()).pathname);
  const alert = dialogOf(chat).getByRole('alert');
  const theirs = dialogOf(chat).getByRole('textbox', { name: /changed in another tab/ });

  await headerButton(chat).click();
  await fieldOf(chat).fill('Answer in rhymes.');
  await setInstructions(other, headerButton(other), 'Answer in prose.');
  await expect(theirs).toHaveValue('Answer in prose.');
  await expectAccessible(page, '[role="dialog"]');
  await expect(fieldOf(chat)).toHaveValue('Answer in rhymes.');
  await expect(saveButton(chat)).toBeDisabled();
  await fieldOf(chat).press('ControlOrMeta+Enter');
  await expect(dialogOf(chat).getByRole('button', { name: 'Keep mine' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(alert).toHaveCount(0);
  await saveButton(chat).click();
  await expect(dialogOf(chat)).toHaveCount(0);

  // Without changes in this tab the field displays the stored text.
  await headerButton(other).click();
  await expect(fieldOf(other)).toHaveValue('Answer in rhymes.');
  await setInstructions(chat, headerButton(chat), 'Answer in one word.');
  await expect(fieldOf(other)).toHaveValue('Answer in one word.');
  await other.page.keyboard.press('Escape');
  await expect(dialogOf(other)).toHaveCount(0);

  // A tab that has not heard of the change yet: the server rejects what it would overwrite.
  await page.context().route('**/api/chat/*/settings', (route) => route.abort());
  monitor.allowErrors(/ERR_FAILED/);
  await headerButton(chat).click();
  await fieldOf(chat).fill('Answer in verse.');
  await setInstructions(other, headerButton(other), '');
  await saveButton(chat).click();
  await expect(alert).toHaveText('The settings of this chat were changed in another tab.');
  await expect(fieldOf(chat)).toHaveValue('Answer in verse.');
  await page.context().unroute('**/api/chat/*/settings');
  await saveButton(chat).click();
  await expect(alert).toContainText('removed in another tab');
  await dialogOf(chat).getByRole('button', { name: 'Remove mine' }).click();
  await expect(fieldOf(chat)).toHaveValue('');
  await expect(fieldOf(chat)).toBeFocused();
  await saveButton(chat).click();
  await expect(dialogOf(chat)).toHaveCount(0);
  await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

  test('instructions are set from the menu of the chat, within the width of the screen', async ({
    chat,
    page,
  }) => {
    await chat.open();
    await chat.sendAndWait('[[title:text=Phone]] [[scenario:tokens n=2]]');
    await expect(headerButton(chat)).toBeHidden();
    await page.getByRole('button', { name: 'Open sidebar' }).tap();
    await page.getByRole('button', { name: 'Options for Phone' }).tap();
    await page.getByRole('menuitem', { name: 'Instructions for this chat' }).tap();
    await expect(fieldOf(chat)).toBeFocused();
    await fieldOf(chat).fill(`${'word '.repeat(500)}${'w'.repeat(200)}`);
    await expectAccessible(page, '[role="dialog"]');
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBe(0);
    await expect(saveButton(chat)).toBeInViewport();
    await saveButton(chat).tap();
    await expect(dialogOf(chat)).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(headerButton(chat)).toHaveAccessibleName('Instructions for this chat (set)');
    expect(await overflow()).toBe(0);
  });

  test('the focus moves to the message box once the instructions and their button are removed', async ({
    chat,
  }) => {
    await chat.open();
    await setInstructions(chat, headerButton(chat), 'Answer in rhymes.');
    await chat.sendAndWait('[[scenario:tokens n=2]]');
    await setInstructions(chat, headerButton(chat), '');
    await expect(headerButton(chat)).toBeHidden();
    await expect(chat.messageBox).toBeFocused();
  });

  test('Back asks before it discards changed instructions, and stays in the chat', async ({
    chat,
    page,
  }) => {
    await chat.open();
    await chat.sendAndWait('[[scenario:tokens n=2]]');
    const url = page.url();
    const confirmation = page.getByRole('alertdialog', { name: 'Discard your changes?' });
    await page.getByRole('button', { name: 'Open sidebar' }).tap();
    await page.getByRole('button', { name: /^Options for/ }).tap();
    await page.getByRole('menuitem', { name: 'Instructions for this chat' }).tap();
    await fieldOf(chat).fill('Answer in rhymes.');
    await page.goBack();
    await expect(confirmation).toBeVisible();
    await page.goBack();
    await expect(confirmation).toHaveCount(0);
    await expect(fieldOf(chat)).toHaveValue('Answer in rhymes.');
    await page.goBack();
    await confirmation.getByRole('button', { name: 'Discard' }).tap();
    await expect(dialogOf(chat)).toHaveCount(0);
    expect(page.url()).toBe(url);
  });
});
