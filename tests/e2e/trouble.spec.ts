import postgres from 'postgres';
import { expect, test } from '@/tests/support/e2e';
import { startModelServer } from '@/tests/support/model-server';

/** What the endpoint does once, and what the person reads. Then it answers with 5 tokens. */
const REFUSALS: Array<[scenario: string, words: RegExp]> = [
  ['status code=401 times=1', /refused the API key/],
  ['status code=404 times=1', /does not know this model/],
  ['status code=429 times=1 retry-after=60', /too busy/],
  ['status code=500 times=1', /model endpoint failed/],
];

for (const [scenario, words] of REFUSALS) {
  test(`an endpoint with ${scenario.slice(0, 15)}: plain words, and one click tries again`, async ({
    chat,
  }) => {
    await chat.open();
    await chat.ask(`Answer me [[scenario:${scenario} n=5]]`);
    await expect(chat.alert).toHaveText(words);
    await chat.reload();
    await expect(chat.alert).toHaveText(words);
    await chat.answer.getByRole('button', { name: 'Try again' }).click();
    await chat.hasExactly(5);
    await expect(chat.alert).toHaveCount(0);
    await expect(chat.questions).toHaveCount(1);
    await expect(chat.answers).toHaveCount(1);
  });
}

test('an endpoint that dies in the middle: what had come is kept, and one click tries again', async ({
  chat,
}) => {
  await chat.open();
  await chat.ask('Die on me [[scenario:die after=10 times=1 n=25]]');
  await expect(chat.alert).toContainText('was cut off in the middle');
  expect(await chat.tokens()).toHaveLength(10);
  await chat.reload();
  await expect(chat.alert).toContainText('was cut off in the middle');
  expect(await chat.tokens()).toHaveLength(10);
  await chat.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.hasExactly(25);
  await chat.reload();
  await chat.hasExactly(25);
  await expect(chat.alert).toHaveCount(0);
});

test('an answer that the database cannot save yet says so, and is complete once it is saved', async ({
  chat,
  database,
  openTab,
}) => {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  await chat.open();
  await chat.askAndWait('Hello [[scenario:tokens n=3]]');
  // As with a full disk: the ends of answers are refused, for now.
  await sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin
      raise 'could not extend file: No space left on device' using errcode = '53100';
    end $$;
    create trigger refuse before update of parts on message for each row execute function refuse()`);
  await chat.ask('Save this [[scenario:tokens n=20]]');
  const notice = chat.page.getByText('Not saved yet: the database isn’t taking writes.');
  await expect(notice).toBeVisible();
  await expect.poll(() => chat.tokens()).toHaveLength(20);
  await expect(chat.answer.getByRole('button', { name: 'Copy answer' })).toHaveCount(0);

  const other = await openTab();
  await other.page.goto(chat.page.url());
  await expect(other.page.getByText('Not saved yet')).toBeVisible();
  const chatId = chat.page.url().split('/').at(-1);
  const { request } = other.page;
  const { messages } = await (await request.get(`/api/chat/${chatId}`)).json();
  const { id: parentId, modelRef } = messages.at(-1);
  const refused = await request.post('/api/chat', {
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
  expect(await refused.json()).toMatchObject({ code: 'answer_unsaved' });

  await sql`drop function refuse cascade`;
  await sql.end();
  for (const tab of [chat, other]) {
    await expect(tab.page.getByText('Not saved yet')).toHaveCount(0);
    await expect(tab.answer.getByRole('button', { name: 'Copy answer' })).toBeVisible();
  }
  await chat.reload();
  await chat.hasExactly(20);
});

test('an answer without a word says so', async ({ chat }) => {
  await chat.open();
  await chat.ask('Say nothing [[scenario:empty]]');
  await expect(chat.alert).toContainText('The model gave an empty answer.');
  // The next request has both messages as one: roles take turns.
  await chat.ask('Say something [[scenario:tokens n=3]]');
  await chat.hasExactly(3);
});

test('an answer that the model ended at its limit says so', async ({ chat }) => {
  await chat.open();
  await chat.ask('Too long [[scenario:length n=8]]');
  await chat.hasExactly(8);
  await expect(chat.answer).toContainText('The model reached its limit');
  await chat.reload();
  await expect(chat.answer).toContainText('The model reached its limit');
});

test('an endpoint that is away or silent is named as the reason, and works once it is back', async ({
  chat,
  launchApp,
}) => {
  const endpoint = await startModelServer();
  const app = await launchApp({
    OPENAI_BASE_URL: endpoint.baseUrl,
    MODEL_FIRST_TOKEN_TIMEOUT_MS: '700',
    MODEL_IDLE_TIMEOUT_MS: '700',
  });
  await chat.open(app.baseUrl);
  await chat.ask('Be silent [[scenario:hang at=first-token]]');
  await expect(chat.alert).toContainText('did not answer in time');
  await chat.ask('Fall silent [[scenario:hang at=middle after=6]]');
  await expect(chat.answer.getByRole('alert')).toContainText('went silent in the middle');
  expect(await chat.tokens()).toHaveLength(6);

  await endpoint.stop();
  await chat.ask('Be there [[scenario:tokens n=5]]');
  await expect(chat.answer.getByRole('alert')).toContainText('cannot be reached');
  const back = await startModelServer({ port: endpoint.port });
  await chat.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.hasExactly(5);
  await expect(chat.questions).toHaveCount(3);
  await back.stop();
});

test('a message that is too long is not sent, not lost, and its length is told', async ({
  chat,
}) => {
  await chat.open();
  await expect(chat.field).toHaveAttribute('dir', 'auto');
  const text = `ש${'x'.repeat(200_002)}`;
  await chat.field.fill(text);
  // Once for all of it: the browser would look for each paragraph's with every key.
  await expect(chat.field).toHaveAttribute('dir', 'rtl');
  await expect(chat.alert).toContainText('3 characters too long');
  await expect(chat.sendButton).toBeDisabled();
  await chat.field.press('Enter');
  await expect(chat.field).toHaveValue(text);
  await expect(chat.questions).toHaveCount(0);
  await chat.field.fill('short enough');
  await expect(chat.alert).toHaveCount(0);
  await chat.field.press('Enter');
  await expect(chat.answer).toContainText('You said: short enough');
});

test('a message that the server finds too large is back in the box, with the reason', async ({
  chat,
  watch,
}) => {
  watch.expect(/status of 413/);
  await chat.open();
  // Six bytes each on the way: allowed by their number, too many by their weight.
  const text = `See: ${'\u0001'.repeat(190_000)}`;
  await chat.field.fill(text);
  await chat.sendButton.click();
  await expect(chat.alert).toContainText('too large');
  await expect(chat.field).toHaveValue(text);
  await expect(chat.questions).toHaveCount(0);
  await chat.field.fill('Smaller');
  await chat.field.press('Enter');
  await expect(chat.answer).toContainText('You said: Smaller');
});

test('a session that is gone is made anew by itself', async ({ chat, context, watch }) => {
  watch.expect(/status of 401/);
  await chat.open();
  await context.clearCookies();
  await chat.ask('Who am I?');
  await expect(chat.answer).toContainText('You said: Who am I?');
  await chat.reload();
  await expect(chat.answer).toContainText('You said: Who am I?');
});

test('a chat that is not theirs any more refuses in plain words, and the text stays', async ({
  chat,
  context,
  watch,
}) => {
  watch.expect(/status of 40[14]/);
  await chat.open();
  await chat.askAndWait('Mine');
  await context.clearCookies();
  await chat.ask('Still mine?');
  await expect(chat.alert).toContainText('Your session as a guest has ended');
  await expect(chat.field).toHaveValue('Still mine?');
});

test('a chat that moved on in another tab unnoticed is shown as it is now, and the text stays', async ({
  chat,
  page,
  openTab,
  watch,
}) => {
  watch.expect(/status of 409/);
  // Whatever happens elsewhere, this page hears nothing of it.
  await page.route('**/api/events', (route) => route.abort());
  await chat.open();
  await chat.askAndWait('The beginning');
  const other = await openTab();
  await other.open(new URL(chat.page.url()).pathname);
  await other.askAndWait('From the other tab');

  await chat.ask('From the first tab');
  await expect(chat.alert).toContainText('moved on in another tab');
  await expect(chat.field).toHaveValue('From the first tab');
  await expect(chat.questions).toHaveText([/The beginning/, /From the other tab/]);
  await chat.field.press('Enter');
  await expect(chat.answer).toContainText('You said: From the first tab');
  await expect(chat.questions).toHaveCount(3);
  await expect(chat.alert).toHaveCount(0);
});

test('a chat that is not there, or somebody else’s, says so and leads on', async ({
  chat,
  page,
  openBrowser,
  watch,
}) => {
  watch.expect(/status of 404/);
  await chat.open();
  await chat.askAndWait('Private');
  const path = new URL(page.url()).pathname;
  const stranger = await openBrowser();
  await stranger.open();
  await stranger.page.goto(path);
  await expect(stranger.page.getByRole('heading', { name: 'There is no such chat' })).toBeVisible();
  await expect(stranger.page.getByText('Private')).toHaveCount(0);
  await stranger.page.goto('/chat/nonsense');
  await expect(stranger.page.getByRole('heading', { name: 'There is no such chat' })).toBeVisible();
  await stranger.page.getByRole('main').getByRole('link', { name: 'New chat' }).click();
  await expect(stranger.field).toBeVisible();
});
