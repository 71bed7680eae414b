import { observeTokens } from '@/tests/support/e2e/chat-page';
import {
  breakConnectionAt,
  expect,
  expectAnsweredOnce,
  test,
} from '@/tests/support/e2e/network-fixtures';

test('a connection that breaks during an answer neither loses nor duplicates text', async ({
  chat,
  page,
  network,
  model,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendMessage('Cut the wire [[scenario:tokens n=200 rate=50 hold=190]]');
  await breakConnectionAt([20, 60, 110], 'breakConnections', { chat, network });
  await chat.expectTokens(190);
  observed.reset();
  model.release();
  await chat.expectFinishedWithTokens(200);
  expect(observed.invalidTexts).toEqual([]);
  await chat.reload();
  await chat.expectFinishedWithTokens(200);
});

test('an answer that ends while the connection is down is complete after the reconnect', async ({
  chat,
  network,
  model,
}) => {
  const observed = await observeTokens(chat.page);
  await chat.page.clock.install();
  await chat.open();
  await chat.sendMessage('End without me [[scenario:tokens n=80 hold=40]]');
  await chat.waitForToken(39);
  network.breakConnections();
  model.release();
  await expect.poll(() => model.activeAnswers()).toBe(0);
  await chat.expectTokens(40);
  const reconnectStatus = chat.page.getByRole('status').filter({ hasText: /is safe|catches up/ });
  await expect(reconnectStatus).toContainText('Reconnecting… What arrived is safe.');
  await chat.page.clock.fastForward(15_000);
  await expect(reconnectStatus).toContainText(
    'Can’t reach the server. This page catches up by itself.',
  );
  network.restore();
  await chat.page.clock.fastForward(30_000);
  await chat.expectFinishedWithTokens(80);
  expect(observed.invalidTexts).toEqual([]);
  await expect(chat.alert).toHaveCount(0);
});

test('an idle connection times out, and the answer continues over a new one', async ({
  chat,
  page,
  network,
  model,
}) => {
  const observed = await observeTokens(page);
  await page.clock.install();
  await chat.open();
  await chat.sendMessage('Silence on the wire [[scenario:tokens n=80 rate=60 hold=40]]');
  await chat.waitForToken(39);
  network.stall();
  model.release();
  await expect.poll(() => model.activeAnswers()).toBe(0);
  await chat.expectTokens(40);
  network.restore({ dropStalled: true });
  // Keep-alives come every 10 s: after 25 s without one the page opens a new connection. If the
  // browser reuses a pooled one, that is broken too and also times out.
  await expect
    .poll(async () => {
      await page.clock.fastForward(5_000);
      return (await chat.displayedTokens()).length;
    })
    .toBe(80);
  await chat.expectFinishedWithTokens(80);
  expect(observed.invalidTexts).toEqual([]);
});

test('a message whose response is lost is not sent twice', async ({ chat, network, model }) => {
  await chat.open();
  model.requests.length = 0;
  // Only this response: a page that still loads would use all six connections of a browser.
  network.stallResponses('POST /api/chat ');
  await chat.sendMessage('Once only [[scenario:tokens n=40 hold=0]]');
  // The server has the message; the page has no response.
  await expect.poll(() => model.activeAnswers()).toBe(1);
  network.breakConnections();
  network.restore();
  model.release();
  await expectAnsweredOnce(40, { chat, model });
});
