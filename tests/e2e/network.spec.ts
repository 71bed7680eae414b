import { watchTokens } from '@/tests/support/e2e-chat';
import { breakAt, expect, expectAnsweredOnce, test } from '@/tests/support/e2e-network';

test('a connection that breaks in the middle of an answer costs no word and doubles none', async ({
  chat,
  page,
  wire,
  model,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.ask('Cut the wire [[scenario:tokens n=200 rate=50 hold=190]]');
  await breakAt([20, 60, 110], 'cut', { chat, wire });
  await chat.holdsExactly(190);
  seen.restart();
  model.release();
  await chat.hasExactly(200);
  expect(seen.wrong).toEqual([]);
  await chat.reload();
  await chat.hasExactly(200);
});

test('an answer that ends while the connection is away is whole when it is back', async ({
  chat,
  wire,
  model,
}) => {
  const seen = await watchTokens(chat.page);
  await chat.page.clock.install();
  await chat.open();
  await chat.ask('End without me [[scenario:tokens n=80 hold=40]]');
  await chat.reaches(39);
  wire.cut();
  model.release();
  await expect.poll(() => model.openAnswers()).toBe(0);
  await chat.holdsExactly(40);
  const away = chat.page.getByRole('status').filter({ hasText: /arrived is safe|catches up/ });
  await expect(away).toContainText('Reconnecting… What arrived is safe.');
  await chat.page.clock.fastForward(15_000);
  await expect(away).toContainText('Can’t reach the server. This page catches up by itself.');
  wire.mend();
  await chat.page.clock.fastForward(30_000);
  await chat.hasExactly(80);
  expect(seen.wrong).toEqual([]);
  await expect(chat.alert).toHaveCount(0);
});

test('a connection that falls silent is given up, and the answer goes on over a new one', async ({
  chat,
  page,
  wire,
  model,
}) => {
  const seen = await watchTokens(page);
  await page.clock.install();
  await chat.open();
  await chat.ask('Silence on the wire [[scenario:tokens n=80 rate=60 hold=40]]');
  await chat.reaches(39);
  wire.stall();
  model.release();
  await expect.poll(() => model.openAnswers()).toBe(0);
  await chat.holdsExactly(40);
  wire.mend({ loseStalled: true });
  // Keep-alives come every 10 s: after 25 s without one the page makes a new connection. Where the
  // browser takes one that it had kept, that one is as dead, and given up as well.
  await expect
    .poll(async () => {
      await page.clock.fastForward(5_000);
      return (await chat.tokens()).length;
    })
    .toBe(80);
  await chat.hasExactly(80);
  expect(seen.wrong).toEqual([]);
});

test('a send whose answer is lost on the way is not sent twice', async ({ chat, wire, model }) => {
  await chat.open();
  model.requests.length = 0;
  wire.stallAnswers();
  await chat.ask('Once only [[scenario:tokens n=40 hold=0]]');
  // The question has arrived; the page has heard nothing.
  await expect.poll(() => model.openAnswers()).toBe(1);
  wire.cut();
  wire.mend();
  model.release();
  await expectAnsweredOnce(40, { chat, model });
});
