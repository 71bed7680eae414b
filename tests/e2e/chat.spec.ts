import { STARTER_PROMPTS } from '@/lib/client/chat/starter-prompts';
import { observeTokens } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { holdRequests } from '@/tests/support/e2e/hold-requests';
import { createGate } from '@/tests/support/gate';

test('an answer is streamed, its chat is listed in the history, and both are still there after a reload', async ({
  chat,
  page,
  model,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage('Count up for me [[scenario:tokens n=60 rate=60 hold=1,20,40]]');
  await expect(chat.userMessages).toContainText('Count up for me');
  await expect(chat.stopButton).toBeVisible();
  for (const count of [1, 20, 40]) {
    await chat.expectTokens(count);
    model.release();
  }
  await chat.expectFinishedWithTokens(60);
  expect(observed.invalidTexts).toEqual([]);

  const id = await chat.chatId();
  await expect(chat.chatLink('Count up for me')).toHaveAttribute('href', `/chat/${id}`);
  await expect(page).toHaveTitle(/Count up for me/);

  await chat.reload();
  await chat.expectFinishedWithTokens(60);
  await expect(chat.userMessages).toContainText('Count up for me');
  await expect(chat.chatLink('Count up for me')).toHaveAttribute('aria-current', 'page');
  await expect(page).toHaveTitle(/Count up for me/);
});

test('a sent message arrives although the user opens another chat first, and a new draft stays in the box', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.sendAndWait('Somewhere else');
  const newChat = page.getByRole('button', { name: 'New chat' }).first();
  await newChat.click();
  const release = await holdRequests(page, /\/api\/chat$/);
  await chat.sendMessage('Sent and left');
  await expect(chat.stopButton).toBeVisible();
  await chat.chatLink('Somewhere else').click();
  await expect(chat.userMessages).toHaveText(/Somewhere else/);
  await newChat.click();
  await expect(page).toHaveURL(/\/$/);
  await chat.messageBox.fill('Not sent');
  release();
  await expect(chat.chatLink('Sent and left')).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.messageBox).toHaveValue('Not sent');
  await chat.chatLink('Sent and left').click();
  await expect(chat.userMessages).toHaveText(/Sent and left/);
  await chat.waitUntilFinished();
  await expect(chat.messageBox).toHaveValue('');
});

test('the model receives the earlier messages', async ({ chat, model }) => {
  await chat.open();
  await chat.sendAndWait('My name is Ada.');
  await chat.sendAndWait('What is my name?');
  await expect(chat.answer).toContainText('You said: What is my name?');
  await expect(chat.userMessages).toHaveCount(2);
  const answerRequest = model.requests.filter(({ purpose }) => purpose === 'answer').at(-1);
  const conversation = answerRequest?.body.messages.filter(({ role }) => role !== 'system');
  expect(conversation?.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(JSON.stringify(conversation)).toContain('My name is Ada.');
  expect(JSON.stringify(conversation)).toContain('You said: My name is Ada.');
});

test('a new chat leaves the old one unchanged, and Back returns to it', async ({ chat, page }) => {
  await chat.open();
  await chat.sendAndWait('The first question');
  const first = await chat.chatId();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.userMessages).toHaveCount(0);
  await expect(chat.messageBox).toBeFocused();
  await expect(page).toHaveTitle('Throughline');

  await chat.sendAndWait('The second question');
  expect(await chat.chatId()).not.toBe(first);
  await expect(chat.userMessages).toHaveText([/The second question/]);
  await expect(chat.history.getByRole('link')).toHaveText([
    'The second question',
    'The first question',
  ]);

  await chat.chatLink('The first question').click();
  await expect(chat.userMessages).toHaveText([/The first question/]);
  await expect(chat.answers).toHaveText([/You said: The first question/]);
  await page.goBack();
  await expect(chat.userMessages).toHaveText([/The second question/]);
});

test('Back from the first chat opens the home page, and Forward opens the chat', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.sendMessage('The very first [[scenario:tokens n=40 rate=60]]');
  await chat.waitForToken(3);
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.userMessages).toHaveCount(0);
  await expect(chat.messageBox).toBeVisible();
  await expect(page).toHaveTitle('Throughline');
  await page.goForward();
  await chat.expectFinishedWithTokens(40);
  await expect(chat.userMessages).toHaveText([/The very first/]);
  // A second chat started on the home page does not replace the first one.
  await page.goBack();
  await chat.sendAndWait('The second');
  await page.goBack();
  await expect(chat.userMessages).toHaveCount(0);
  await chat.chatLink('The very first').click();
  await chat.expectFinishedWithTokens(40);
});

test('an answer continues while another chat is open', async ({ chat, page }) => {
  await chat.open();
  await chat.sendAndWait('Something short');
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await chat.sendMessage('Something long [[scenario:tokens n=120 rate=60]]');
  await chat.waitForToken(10);
  await chat.chatLink('Something short').click();
  await expect(chat.userMessages).toHaveText([/Something short/]);
  await chat.chatLink('Something long').click();
  await chat.expectFinishedWithTokens(120);
});

test('Enter sends, Shift+Enter inserts a line break, and a blank message is not sent', async ({
  chat,
}) => {
  await chat.open();
  await expect(chat.messageBox).toBeFocused();
  await expect(chat.sendButton).toBeDisabled();
  await chat.messageBox.fill('  \n ');
  await expect(chat.sendButton).toBeDisabled();
  await chat.messageBox.press('Enter');
  await expect(chat.userMessages).toHaveCount(0);

  await chat.messageBox.fill('one');
  await chat.messageBox.press('Shift+Enter');
  await chat.messageBox.pressSequentially('two');
  await expect(chat.messageBox).toHaveValue('one\ntwo');
  await expect(chat.userMessages).toHaveCount(0);
  await chat.messageBox.press('Enter');
  await expect(chat.messageBox).toHaveValue('');
  await expect(chat.userMessages.locator('p')).toHaveText('one\ntwo', { useInnerText: true });
  await chat.waitUntilFinished();

  await chat.messageBox.fill('three');
  await chat.sendButton.click();
  await expect(chat.userMessages).toHaveCount(2);
  await chat.waitUntilFinished();
});

test('a double click on Send sends once and does not stop the answer', async ({ chat }) => {
  await chat.open();
  await chat.messageBox.fill('Eager [[scenario:tokens n=60 rate=60]]');
  await chat.sendButton.click({ clickCount: 2, delay: 60 });
  await chat.expectFinishedWithTokens(60);
  await expect(chat.userMessages).toHaveCount(1);
  await expect(chat.answer).not.toContainText('Stopped');
});

test('a message that is sent before the first session exists belongs to its user', async ({
  chat,
  page,
  monitor,
}) => {
  monitor.allowErrors(/status of 401/);
  // Only the first session request is held; a second one would be fast.
  const first = page.waitForRequest('**/api/session');
  const firstResponse = first.then((request) => request.response());
  const gate = createGate();
  let isFirst = true;
  await page.route('**/api/session', async (route) => {
    const isHeld = isFirst;
    isFirst = false;
    if (isHeld) await gate.opened;
    await route.continue();
  });
  await page.goto('/');
  await first;
  await chat.sendMessage('Here already');
  await expect(chat.userMessages).toHaveText('Here already');
  await expect(chat.messageBox).toHaveValue('');
  // Stopped before it is sent.
  await chat.stopButton.click();
  await expect(chat.messageBox).toHaveValue('Here already');
  await expect(chat.userMessages).toHaveCount(0);
  await chat.messageBox.press('ControlOrMeta+Enter');
  await expect(chat.userMessages).toHaveText('Here already');
  gate.open();
  await expect(chat.answer).toContainText('You said: Here already');
  await expect(chat.userMessages).toHaveCount(1);
  await firstResponse;
  await chat.reload();
  await expect(chat.answer).toContainText('You said: Here already');
  await expect(chat.chatLink('Here already')).toBeVisible();
});

test('an unsent draft is restored after a reload', async ({ chat, page }) => {
  await chat.open();
  await chat.messageBox.fill('Half a thought');
  await chat.reload();
  await expect(chat.messageBox).toHaveValue('Half a thought');
  await chat.sendAndWait('Half a thought');
  await chat.messageBox.fill('And the other half');
  await chat.reload();
  await expect(chat.messageBox).toHaveValue('And the other half');
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(chat.messageBox).toHaveValue('');
});

test('an example can be picked instead of writing a message', async ({ chat, page }) => {
  await chat.open();
  await expect(page.getByRole('heading', { name: 'Ask. Leave. Come back.' })).toBeVisible();
  const [, { label, text }] = STARTER_PROMPTS;
  await page.getByRole('button', { name: label }).click();
  await expect(chat.userMessages).toContainText(text);
  await expect(chat.answer).toContainText(`You said: ${text}`);
});

test('the demo asks the user to reload in the middle of an answer, and says what arrived meanwhile', async ({
  chat,
  page,
  model,
}) => {
  model.setScenario('tokens n=300 rate=0 hold=40');
  await chat.open();
  await page.getByRole('button', { name: 'Try to lose an answer' }).click();
  await chat.waitForToken(39);
  await expect(page.getByText('Now reload this page.')).toBeVisible();
  await page.goto('about:blank');
  model.release();
  await expect.poll(() => model.activeAnswers()).toBe(0);
  await page.goBack();
  await chat.expectFinishedWithTokens(300);
  await expect(page.getByText('Still here: 260 words arrived while you were away.')).toBeVisible();
  // The notice refers only to that answer.
  model.reset();
  await chat.sendAndWait('Another question');
  await expect(page.getByText(/^Still here/)).toHaveCount(0);
});
