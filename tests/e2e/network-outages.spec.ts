import { observeTokens } from '@/tests/support/e2e/chat-page';
import {
  breakConnectionAt,
  expect,
  expectAnsweredOnce,
  test,
} from '@/tests/support/e2e/network-fixtures';

test('a connection that breaks within a line neither duplicates nor loses text', async ({
  chat,
  page,
  network,
  model,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage('Cut within a line [[scenario:tokens n=200 rate=40 hold=190]]');
  await breakConnectionAt([15, 60, 110], 'cutWithinLine', { chat, network });
  await chat.expectTokens(190);
  observed.reset();
  model.release();
  await chat.expectFinishedWithTokens(200);
  expect(observed.invalidTexts).toEqual([]);
});

test('a message that is sent while the server is unreachable arrives exactly once', async ({
  chat,
  network,
  model,
}) => {
  await chat.open();
  model.requests.length = 0;
  network.breakConnections();
  await chat.sendMessage('Sent into the void [[scenario:tokens n=30]]');
  await expect(chat.userMessages).toHaveCount(1);
  network.restore();
  await expectAnsweredOnce(30, { chat, model });
});

test('a lost request is sent again automatically, and the message arrives exactly once', async ({
  chat,
  page,
  network,
  model,
}) => {
  await chat.open();
  model.requests.length = 0;
  network.stall();
  await chat.sendMessage('Lost on the way [[scenario:tokens n=30]]');
  await expect(chat.userMessages).toHaveCount(1);
  network.breakConnections();
  // Long enough for the browser's own retry to fail too.
  await page.waitForTimeout(100);
  network.restore();
  await expectAnsweredOnce(30, { chat, model });
});

test('the answer is shown as soon as a long network outage ends', async ({
  chat,
  context,
  page,
  model,
  network,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage('Through the tunnel [[scenario:tokens n=80 rate=60 hold=40]]');
  await chat.waitForToken(39);
  network.breakConnections();
  await context.setOffline(true);
  await expect(page.getByText('Reconnecting…')).toBeVisible();
  model.release();
  await expect.poll(() => model.activeAnswers()).toBe(0);
  // After this time the page waits seconds between retries.
  await page.waitForTimeout(6_000);
  await chat.expectTokens(40);
  network.restore();
  await context.setOffline(false);
  await chat.waitForToken(79);
  await chat.expectFinishedWithTokens(80);
  expect(observed.invalidTexts).toEqual([]);
  await expect(chat.alert).toHaveCount(0);
});

test('a chat that is opened while the server is unreachable opens after the outage', async ({
  chat,
  context,
  page,
  network,
}) => {
  await chat.open();
  await chat.sendAndWait('Far away');
  await expect(chat.chatLink('Far away')).toBeVisible();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(chat.userMessages).toHaveCount(0);
  network.breakConnections();
  await context.setOffline(true);
  await chat.chatLink('Far away').click();
  await expect(page.getByRole('status')).toContainText(['Can’t reach the server.']);
  await expect(chat.history).toBeVisible();
  // Navigation with Back and Forward works during the outage.
  await page.goBack();
  await expect(chat.messageBox).toBeVisible();
  await page.goForward();
  await expect(page.getByText('Can’t reach the server.')).toBeVisible();
  network.restore();
  await context.setOffline(false);
  await expect(chat.answers).toHaveText([/You said: Far away/]);
  await expect(page).toHaveTitle(/Far away/);
});

test('a laptop that was suspended at the end of an answer shows all of it after waking', async ({
  chat,
  context,
  page,
  network,
  model,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage('Good night [[scenario:tokens n=80 rate=60 hold=40]]');
  await chat.waitForToken(39);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  // The connection breaks while the page is frozen; the page is not notified.
  network.stall();
  model.release();
  await expect.poll(() => model.activeAnswers()).toBe(0);
  network.breakConnections();
  network.restore();
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await chat.expectFinishedWithTokens(80);
  expect(observed.invalidTexts).toEqual([]);
  await expect(chat.userMessages).toHaveCount(1);
});

test('a discarded tab is restored with its answer and continues to stream it', async ({
  chat,
  page,
  model,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage('Thrown away [[scenario:tokens n=80 rate=60 hold=40]]');
  await chat.waitForToken(39);
  await chat.chatId();
  await page.goto('about:blank');
  await page.goBack();
  await chat.waitUntilReady();
  await chat.expectTokens(40);
  model.release();
  await chat.expectFinishedWithTokens(80);
  expect(observed.invalidTexts).toEqual([]);
  await expect(chat.userMessages).toHaveCount(1);
});
