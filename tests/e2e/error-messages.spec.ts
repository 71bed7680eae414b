import postgres from 'postgres';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { startModelServer } from '@/tests/support/model-server';

/** A failure that happens once, and the displayed error. Afterwards the answer has 5 tokens. */
const ENDPOINT_ERRORS: Array<[scenario: string, expectedText: RegExp]> = [
  ['status code=401 times=1', /rejected the API key/],
  ['status code=404 times=1', /no longer has this model/],
  ['status code=429 times=1 retry-after=60', /too busy/],
  ['status code=500 times=1', /model server failed/],
];

for (const [scenario, expectedText] of ENDPOINT_ERRORS) {
  test(`an endpoint with ${scenario.slice(0, 15)} shows a clear error, and one click retries`, async ({
    chat,
  }) => {
    await chat.open();
    await chat.sendMessage(`Answer me [[scenario:${scenario} n=5]]`);
    await expect(chat.alert).toHaveText(expectedText);
    await chat.reload();
    await expect(chat.alert).toHaveText(expectedText);
    await chat.answer.getByRole('button', { name: 'Try again' }).click();
    await chat.expectFinishedWithTokens(5);
    await expect(chat.alert).toHaveCount(0);
    await expect(chat.userMessages).toHaveCount(1);
    await expect(chat.answers).toHaveCount(1);
  });
}

test('an endpoint that disconnects during an answer leaves the partial answer, and one click retries', async ({
  chat,
}) => {
  await chat.open();
  await chat.sendMessage('Fail midway [[scenario:disconnect after=10 times=1 n=25]]');
  await expect(chat.alert).toContainText('closed the connection during the answer');
  expect(await chat.displayedTokens()).toHaveLength(10);
  await chat.reload();
  await expect(chat.alert).toContainText('closed the connection during the answer');
  expect(await chat.displayedTokens()).toHaveLength(10);
  await chat.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.expectFinishedWithTokens(25);
  await chat.reload();
  await chat.expectFinishedWithTokens(25);
  await expect(chat.alert).toHaveCount(0);
});

test('an answer that cannot be saved yet is marked as unsaved and is complete once it is saved', async ({
  chat,
  database,
  openTab,
}) => {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  await chat.open();
  await chat.sendAndWait('Hello [[scenario:tokens n=3]]');
  // As with a full disk: writing the end of an answer is rejected, for now.
  await sql.unsafe(`
    create function reject_update() returns trigger language plpgsql as $$ begin
      raise 'could not extend file: No space left on device' using errcode = '53100';
    end $$;
    create trigger reject_update before update of parts on message
      for each row execute function reject_update()`);
  await chat.sendMessage('Save this [[scenario:tokens n=20]]');
  const notice = chat.page.getByText('Not saved yet: the database isn’t accepting writes.');
  await expect(notice).toBeVisible();
  await expect.poll(() => chat.displayedTokens()).toHaveLength(20);
  await expect(chat.answer.getByRole('button', { name: 'Copy answer' })).toHaveCount(0);

  const other = await openTab();
  await other.page.goto(chat.page.url());
  await expect(other.page.getByText('Not saved yet')).toBeVisible();
  const chatId = chat.page.url().split('/').at(-1);
  const { request } = other.page;
  const { messages } = await (await request.get(`/api/chat/${chatId}`)).json();
  const { id: parentId, modelRef } = messages.at(-1);
  const rejected = await request.post('/api/chat', {
    headers: { origin: new URL(chat.page.url()).origin },
    data: {
      id: chatId,
      message: {
        id: crypto.randomUUID(),
        role: 'user',
        parts: [{ type: 'text', text: 'And now?' }],
      },
      parentId,
      selectedChatModel: modelRef,
    },
  });
  expect(await rejected.json()).toMatchObject({ code: 'previous_answer_unsaved' });

  await sql`drop function reject_update cascade`;
  await sql.end();
  for (const tab of [chat, other]) {
    await expect(tab.page.getByText('Not saved yet')).toHaveCount(0);
    await expect(tab.answer.getByRole('button', { name: 'Copy answer' })).toBeVisible();
  }
  await chat.reload();
  await chat.expectFinishedWithTokens(20);
});

test('an empty answer is reported as empty', async ({ chat }) => {
  await chat.open();
  await chat.sendMessage('Say nothing [[scenario:empty]]');
  await expect(chat.alert).toContainText('The model returned an empty answer.');
  // The next request merges both user messages into one: roles must alternate.
  await chat.sendMessage('Say something [[scenario:tokens n=3]]');
  await chat.expectFinishedWithTokens(3);
});

test('an answer that reached the token limit reports it, also after a reload', async ({ chat }) => {
  await chat.open();
  await chat.sendMessage('Too long [[scenario:length n=8]]');
  await chat.expectFinishedWithTokens(8);
  await expect(chat.answer).toContainText('The answer reached the token limit');
  await chat.reload();
  await expect(chat.answer).toContainText('The answer reached the token limit');
});

test('an unavailable or stalled endpoint is named as the cause and works once it has recovered', async ({
  chat,
  startFreshApp,
}) => {
  const endpoint = await startModelServer();
  const app = await startFreshApp({
    OPENAI_BASE_URL: endpoint.baseUrl,
    MODEL_FIRST_TOKEN_TIMEOUT_MS: '700',
    MODEL_IDLE_TIMEOUT_MS: '700',
  });
  await chat.open(app.baseUrl);
  await chat.sendMessage('Be silent [[scenario:hang at=first-token]]');
  await expect(chat.alert).toContainText('didn’t respond in time');
  await chat.sendMessage('Fall silent [[scenario:hang at=middle after=6]]');
  await expect(chat.answer.getByRole('alert')).toContainText('sent nothing more during the answer');
  expect(await chat.displayedTokens()).toHaveLength(6);

  await endpoint.stop();
  await chat.sendMessage('Be there [[scenario:tokens n=5]]');
  await expect(chat.answer.getByRole('alert')).toContainText('Couldn’t reach the model server');
  const restartedServer = await startModelServer({ port: endpoint.port });
  await chat.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.expectFinishedWithTokens(5);
  await expect(chat.userMessages).toHaveCount(3);
  await restartedServer.stop();
});

test('a message that is too long is neither sent nor lost, and its length is shown', async ({
  chat,
}) => {
  await chat.open();
  await expect(chat.messageBox).toHaveAttribute('dir', 'auto');
  const text = `ש${'x'.repeat(200_002)}`;
  await chat.messageBox.fill(text);
  // One direction for the whole text: the browser would compute each paragraph's on every key.
  await expect(chat.messageBox).toHaveAttribute('dir', 'rtl');
  await expect(chat.messageBox).toHaveAccessibleDescription(
    'Too long: the limit is 200,000 characters. Remove 3 characters.',
  );
  // Announced once: a further key changes the count, which is outside the alert.
  await expect(chat.alert).toHaveText('Too long: the limit is 200,000 characters.');
  await chat.messageBox.press('End');
  await chat.messageBox.press('Backspace');
  await expect(chat.messageBox).toHaveAccessibleDescription(/Remove 2 characters/);
  await expect(chat.alert).toHaveText('Too long: the limit is 200,000 characters.');
  await chat.messageBox.fill(text);
  await expect(chat.sendButton).toBeDisabled();
  await chat.messageBox.press('Enter');
  await expect(chat.messageBox).toHaveValue(text);
  await expect(chat.userMessages).toHaveCount(0);
  await chat.messageBox.fill('short enough');
  await expect(chat.alert).toHaveCount(0);
  await chat.messageBox.press('Enter');
  await expect(chat.answer).toContainText('You said: short enough');
});

test('a message that the server rejects as too large returns to the box with the reason', async ({
  chat,
  monitor,
}) => {
  monitor.allowErrors(/status of 413/);
  await chat.open();
  // Each character takes 6 bytes in JSON: the text is short enough, but the body is too large.
  const text = `See: ${'\u0001'.repeat(190_000)}`;
  await chat.messageBox.fill(text);
  await chat.sendButton.click();
  await expect(chat.alert).toContainText('too large');
  await expect(chat.messageBox).toHaveValue(text);
  await expect(chat.userMessages).toHaveCount(0);
  await chat.messageBox.fill('Smaller');
  await chat.messageBox.press('Enter');
  await expect(chat.answer).toContainText('You said: Smaller');
});

test('a missing session is renewed automatically', async ({ chat, context, monitor }) => {
  monitor.allowErrors(/status of 401/);
  await chat.open();
  await context.clearCookies();
  await chat.sendMessage('Who am I?');
  await expect(chat.answer).toContainText('You said: Who am I?');
  await chat.reload();
  await expect(chat.answer).toContainText('You said: Who am I?');
});

test('a chat that no longer belongs to the user is rejected with a clear error, and the text stays in the box', async ({
  chat,
  context,
  monitor,
}) => {
  monitor.allowErrors(/status of 40[14]/);
  await chat.open();
  await chat.sendAndWait('Mine');
  await context.clearCookies();
  await chat.sendMessage('Still mine?');
  await expect(chat.alert).toContainText('Your guest session has ended');
  await expect(chat.messageBox).toHaveValue('Still mine?');
});

test('a chat that another tab changed unnoticed shows its current state, and the text stays in the box', async ({
  chat,
  page,
  openTab,
  monitor,
}) => {
  monitor.allowErrors(/status of 409/);
  // This page receives no live events.
  await page.route('**/api/events', (route) => route.abort());
  await chat.open();
  await chat.sendAndWait('The beginning');
  const other = await openTab();
  await other.open(new URL(chat.page.url()).pathname);
  await other.sendAndWait('From the other tab');

  await chat.sendMessage('From the first tab');
  await expect(chat.alert).toContainText('was changed in another tab');
  await expect(chat.messageBox).toHaveValue('From the first tab');
  await expect(chat.userMessages).toHaveText([/The beginning/, /From the other tab/]);
  await chat.messageBox.press('Enter');
  await expect(chat.answer).toContainText('You said: From the first tab');
  await expect(chat.userMessages).toHaveCount(3);
  await expect(chat.alert).toHaveCount(0);
});

test('a missing chat and a chat of another user are reported as not found, with a link to a new chat', async ({
  chat,
  page,
  openContext,
  monitor,
}) => {
  monitor.allowErrors(/status of 404/);
  await chat.open();
  await chat.sendAndWait('Private');
  const path = new URL(page.url()).pathname;
  const otherUser = await openContext();
  await otherUser.open();
  await otherUser.page.goto(path);
  await expect(otherUser.page.getByRole('heading', { name: 'Chat not found' })).toBeVisible();
  await expect(otherUser.page.getByText('Private')).toHaveCount(0);
  await otherUser.page.goto('/chat/nonsense');
  await expect(otherUser.page.getByRole('heading', { name: 'Chat not found' })).toBeVisible();
  await otherUser.page.getByRole('main').getByRole('link', { name: 'New chat' }).click();
  await expect(otherUser.messageBox).toBeVisible();
});
