import { STARTING_POINTS } from '@/lib/client/chat/starting-points';
import { expect, test } from '@/tests/support/e2e';
import { watchTokens } from '@/tests/support/e2e-chat';

test('an answer grows before the eyes, and is in the history and there after a reload', async ({
  chat,
  page,
  model,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask('Count up for me [[scenario:tokens n=60 rate=60 hold=1,20,40]]');
  await expect(chat.questions).toContainText('Count up for me');
  await expect(chat.stopButton).toBeVisible();
  for (const count of [1, 20, 40]) {
    await chat.holdsExactly(count);
    model.release();
  }
  await chat.hasExactly(60);
  expect(seen.wrong).toEqual([]);

  const id = await chat.chatId();
  await expect(chat.link('Count up for me')).toHaveAttribute('href', `/chat/${id}`);
  await expect(page).toHaveTitle(/Count up for me/);

  await chat.reload();
  await chat.hasExactly(60);
  await expect(chat.questions).toContainText('Count up for me');
  await expect(chat.link('Count up for me')).toHaveAttribute('aria-current', 'page');
  await expect(page).toHaveTitle(/Count up for me/);
});

test('what is sent arrives though its chat is left before, and what is written next stays where it was', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.askAndWait('Somewhere else');
  const newChat = page.getByRole('button', { name: 'New chat' }).first();
  await newChat.click();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/api\/chat$/, async (route) => {
    await held;
    await route.continue();
  });
  await chat.ask('Sent and left');
  await expect(chat.stopButton).toBeVisible();
  await chat.link('Somewhere else').click();
  await expect(chat.questions).toHaveText(/Somewhere else/);
  await newChat.click();
  await expect(page).toHaveURL(/\/$/);
  await chat.field.fill('Not sent');
  letGo();
  await expect(chat.link('Sent and left')).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.field).toHaveValue('Not sent');
  await chat.link('Sent and left').click();
  await expect(chat.questions).toHaveText(/Sent and left/);
  await chat.finished();
  await expect(chat.field).toHaveValue('');
});

test('the model is told what was said before', async ({ chat, model }) => {
  await chat.open();
  await chat.askAndWait('My name is Ada.');
  await chat.askAndWait('What is my name?');
  await expect(chat.answer).toContainText('You said: What is my name?');
  await expect(chat.questions).toHaveCount(2);
  const asked = model.requests.filter(({ purpose }) => purpose === 'answer').at(-1);
  const said = asked?.body.messages.filter(({ role }) => role !== 'system');
  expect(said?.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(JSON.stringify(said)).toContain('My name is Ada.');
  expect(JSON.stringify(said)).toContain('You said: My name is Ada.');
});

test('a new chat leaves the old one as it was, and "back" leads to it', async ({ chat, page }) => {
  await chat.open();
  await chat.askAndWait('The first question');
  const first = await chat.chatId();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.questions).toHaveCount(0);
  await expect(chat.field).toBeFocused();
  await expect(page).toHaveTitle('Throughline');

  await chat.askAndWait('The second question');
  expect(await chat.chatId()).not.toBe(first);
  await expect(chat.questions).toHaveText([/The second question/]);
  await expect(chat.history.getByRole('link')).toHaveText([
    'The second question',
    'The first question',
  ]);

  await chat.link('The first question').click();
  await expect(chat.questions).toHaveText([/The first question/]);
  await expect(chat.answers).toHaveText([/You said: The first question/]);
  await page.goBack();
  await expect(chat.questions).toHaveText([/The second question/]);
});

test('"back" from the first chat leads to the app’s home, and "forward" to the chat', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.ask('The very first [[scenario:tokens n=40 rate=60]]');
  await chat.reaches(3);
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.questions).toHaveCount(0);
  await expect(chat.field).toBeVisible();
  await expect(page).toHaveTitle('Throughline');
  await page.goForward();
  await chat.hasExactly(40);
  await expect(chat.questions).toHaveText([/The very first/]);
  // A second one begun at home does not take the first one's place.
  await page.goBack();
  await chat.askAndWait('The second');
  await page.goBack();
  await expect(chat.questions).toHaveCount(0);
  await chat.link('The very first').click();
  await chat.hasExactly(40);
});

test('an answer goes on while another chat is looked at', async ({ chat, page }) => {
  await chat.open();
  await chat.askAndWait('Something short');
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await chat.ask('Something long [[scenario:tokens n=120 rate=60]]');
  await chat.reaches(10);
  await chat.link('Something short').click();
  await expect(chat.questions).toHaveText([/Something short/]);
  await chat.link('Something long').click();
  await chat.hasExactly(120);
});

test('Enter sends, Shift+Enter makes a line, and nothing but blanks is not sent', async ({
  chat,
}) => {
  await chat.open();
  await expect(chat.field).toBeFocused();
  await expect(chat.sendButton).toBeDisabled();
  await chat.field.fill('  \n ');
  await expect(chat.sendButton).toBeDisabled();
  await chat.field.press('Enter');
  await expect(chat.questions).toHaveCount(0);

  await chat.field.fill('one');
  await chat.field.press('Shift+Enter');
  await chat.field.pressSequentially('two');
  await expect(chat.field).toHaveValue('one\ntwo');
  await expect(chat.questions).toHaveCount(0);
  await chat.field.press('Enter');
  await expect(chat.field).toHaveValue('');
  await expect(chat.questions.locator('p')).toHaveText('one\ntwo', { useInnerText: true });
  await chat.finished();

  await chat.field.fill('three');
  await chat.sendButton.click();
  await expect(chat.questions).toHaveCount(2);
  await chat.finished();
});

test('a double click on Send sends once, and does not stop the answer', async ({ chat }) => {
  await chat.open();
  await chat.field.fill('Eager [[scenario:tokens n=60 rate=60]]');
  await chat.sendButton.click({ clickCount: 2, delay: 60 });
  await chat.hasExactly(60);
  await expect(chat.questions).toHaveCount(1);
  await expect(chat.answer).not.toContainText('Stopped');
});

test('a message that is quicker than the first session is theirs all the same', async ({
  chat,
  page,
  watch,
}) => {
  watch.expect(/status of 401/);
  // The first session takes its time; another one, if the page asks for it, does not.
  const first = page.waitForRequest('**/api/session');
  const firstAnswered = first.then((request) => request.response());
  let delayMs = 2_000;
  await page.route('**/api/session', async (route) => {
    const wait = delayMs;
    delayMs = 0;
    await new Promise((resolve) => setTimeout(resolve, wait));
    await route.continue();
  });
  await page.goto('/');
  await chat.ask('Here already');
  await expect(chat.answer).toContainText('You said: Here already');
  await firstAnswered;
  await chat.reload();
  await expect(chat.answer).toContainText('You said: Here already');
  await expect(chat.link('Here already')).toBeVisible();
});

test('what was written and not sent is still there after a reload', async ({ chat, page }) => {
  await chat.open();
  await chat.field.fill('Half a thought');
  await chat.reload();
  await expect(chat.field).toHaveValue('Half a thought');
  await chat.askAndWait('Half a thought');
  await chat.field.fill('And the other half');
  await chat.reload();
  await expect(chat.field).toHaveValue('And the other half');
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(chat.field).toHaveValue('');
});

test('an example can be picked instead of writing', async ({ chat, page }) => {
  await chat.open();
  await expect(page.getByRole('heading', { name: 'Ask. Leave. Come back.' })).toBeVisible();
  const [, { label, text }] = STARTING_POINTS;
  await page.getByRole('button', { name: label }).click();
  await expect(chat.questions).toContainText(text);
  await expect(chat.answer).toContainText(`You said: ${text}`);
});

test('whoever tries to lose an answer is asked to reload, and told what arrived meanwhile', async ({
  chat,
  page,
  model,
}) => {
  model.setScenario('tokens n=300 rate=0 hold=40');
  await chat.open();
  await page.getByRole('button', { name: 'Try to lose an answer' }).click();
  await chat.reaches(39);
  await expect(page.getByText('Now reload this page.')).toBeVisible();
  await page.goto('about:blank');
  model.release();
  await expect.poll(() => model.openAnswers()).toBe(0);
  await page.goBack();
  await chat.hasExactly(300);
  await expect(page.getByText('Still here: 260 words arrived while you were away.')).toBeVisible();
  // It is about that one answer.
  model.reset();
  await chat.askAndWait('Another question');
  await expect(page.getByText(/^Still here/)).toHaveCount(0);
});
