import { watchTokens } from '@/tests/support/e2e-chat';
import { breakAt, expect, expectAnsweredOnce, test } from '@/tests/support/e2e-network';

test('a connection that breaks within a line shows no piece of it twice and loses none', async ({
  chat,
  page,
  wire,
  model,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask('Cut within a line [[scenario:tokens n=200 rate=40 hold=190]]');
  await breakAt([15, 60, 110], 'cutMidLine', { chat, wire });
  await chat.holdsExactly(190);
  seen.restart();
  model.release();
  await chat.hasExactly(200);
  expect(seen.wrong).toEqual([]);
});

test('a message sent while the server cannot be reached arrives once it can, and once', async ({
  chat,
  wire,
  model,
}) => {
  await chat.open();
  model.requests.length = 0;
  wire.cut();
  await chat.ask('Sent into the void [[scenario:tokens n=30]]');
  await expect(chat.questions).toHaveCount(1);
  wire.mend();
  await expectAnsweredOnce(30, { chat, model });
});

test('a message that is lost on its way is sent again by itself, and once', async ({
  chat,
  page,
  wire,
  model,
}) => {
  await chat.open();
  model.requests.length = 0;
  wire.stall();
  await chat.ask('Lost on the way [[scenario:tokens n=30]]');
  await expect(chat.questions).toHaveCount(1);
  wire.cut();
  // Long enough for the browser's own second attempt to fail as well.
  await page.waitForTimeout(100);
  wire.mend();
  await expectAnsweredOnce(30, { chat, model });
});

test('a network that is away for long: the answer is there as soon as the network is', async ({
  chat,
  context,
  page,
  model,
  wire,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask('Through the tunnel [[scenario:tokens n=80 rate=60 hold=40]]');
  await chat.reaches(39);
  wire.cut();
  await context.setOffline(true);
  await expect(page.getByText('Reconnecting…')).toBeVisible();
  model.release();
  await expect.poll(() => model.openAnswers()).toBe(0);
  // By then the page waits seconds between its attempts.
  await page.waitForTimeout(6_000);
  await chat.holdsExactly(40);
  wire.mend();
  await context.setOffline(false);
  await chat.reaches(79);
  await chat.hasExactly(80);
  expect(seen.wrong).toEqual([]);
  await expect(chat.alert).toHaveCount(0);
});

test('a chat that is opened while the server cannot be reached opens when it is back', async ({
  chat,
  context,
  page,
  wire,
}) => {
  await chat.open();
  await chat.askAndWait('Far away');
  await expect(chat.link('Far away')).toBeVisible();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(chat.questions).toHaveCount(0);
  wire.cut();
  await context.setOffline(true);
  await chat.link('Far away').click();
  await expect(page.getByRole('status')).toContainText(['Can’t reach the server.']);
  await expect(chat.history).toBeVisible();
  // Another way out works as well, and back.
  await page.goBack();
  await expect(chat.field).toBeVisible();
  await page.goForward();
  await expect(page.getByText('Can’t reach the server.')).toBeVisible();
  wire.mend();
  await context.setOffline(false);
  await expect(chat.answers).toHaveText([/You said: Far away/]);
  await expect(page).toHaveTitle(/Far away/);
});

test('a laptop that sleeps through the end of an answer shows all of it when it wakes', async ({
  chat,
  context,
  page,
  wire,
  model,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask('Good night [[scenario:tokens n=80 rate=60 hold=40]]');
  await chat.reaches(39);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  // The connection does not outlive the night, and nobody tells the sleeper.
  wire.stall();
  model.release();
  await expect.poll(() => model.openAnswers()).toBe(0);
  wire.cut();
  wire.mend();
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await chat.hasExactly(80);
  expect(seen.wrong).toEqual([]);
  await expect(chat.questions).toHaveCount(1);
});

test('a tab that was thrown away is restored with the answer, and goes on with it', async ({
  chat,
  page,
  model,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask('Thrown away [[scenario:tokens n=80 rate=60 hold=40]]');
  await chat.reaches(39);
  await chat.chatId();
  await page.goto('about:blank');
  await page.goBack();
  await chat.ready();
  await chat.holdsExactly(40);
  model.release();
  await chat.hasExactly(80);
  expect(seen.wrong).toEqual([]);
  await expect(chat.questions).toHaveCount(1);
});
