import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { addMessages } from '@/tests/support/long-chat';

test.use({ viewport: { width: 1000, height: 500 } });

test('the view follows the answer, stops following when the user scrolls up, and follows again on request', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('A long one [[scenario:prose n=1000 rate=60 hold=900]]');
  await chat.waitForToken(250);
  await expect.poll(() => distanceFromEnd(chat)).toBeLessThan(60);

  // The pointer is over a code block, which scrolls horizontally on its own.
  await chat.answer.getByRole('figure').last().hover();
  await page.mouse.wheel(0, -500);
  await expect(page.getByRole('button', { name: 'Scroll to the end' })).toBeVisible();
  const before = await scrollTop(chat);
  const tokenCount = (await chat.displayedTokens()).length;
  await expect
    .poll(async () => (await chat.displayedTokens()).length)
    .toBeGreaterThan(tokenCount + 100);
  expect(model.activeAnswers()).toBe(1);
  expect(Math.abs((await scrollTop(chat)) - before)).toBeLessThan(5);

  await page.getByRole('button', { name: 'Scroll to the end' }).click();
  await expect.poll(() => distanceFromEnd(chat)).toBeLessThan(60);
  // The last token before the hold.
  await chat.waitForToken(657);
  model.release();
  await chat.waitForToken(999);
  await expect.poll(() => distanceFromEnd(chat)).toBeLessThan(60);
});

test('a chat opens at its end, and earlier messages load while it is scrolled', async ({
  chat,
  page,
}) => {
  await chat.open();
  for (let turn = 1; turn <= 16; turn += 1) {
    await chat.sendAndWait(`Turn ${turn} ${'and so on '.repeat(40)}`);
  }
  await chat.reload();
  await expect(chat.userMessages.last()).toBeInViewport();
  await expect.poll(() => distanceFromEnd(chat)).toBeLessThan(60);
  await page.mouse.move(500, 250);
  await expect(async () => {
    await page.mouse.wheel(0, -2_000);
    await expect(chat.userMessages.first()).toContainText('Turn 1 and', { timeout: 200 });
  }).toPass();
  await expect(chat.userMessages).toHaveCount(16);
});

test('a chat of 1,000 messages opens at its end, renders only the last ones, and can be continued', async ({
  chat,
  page,
  database,
}) => {
  // High enough for the last user message and its answer.
  await page.setViewportSize({ width: 1280, height: 720 });
  await chat.open();
  await chat.sendAndWait('The first one');
  await addMessages(database.url, await chat.chatId(), 1_000);
  await chat.reload();
  await expect(page.getByText('Question 500', { exact: true })).toBeInViewport();
  expect(await chat.log.getByRole('article').count()).toBeLessThan(100);
  await chat.sendAndWait('Each key is there');
  await expect(chat.answer).toContainText('You said: Each key is there');
});

test('a wheel of one pixel, PageUp, a dragged scroll bar, a touch and a search stop following the end during an answer', async ({
  chat,
  page,
}) => {
  await chat.open();
  await chat.sendAndWait(
    'Something [[scenario:say text="to be found, with [a link](https://a.test/)"]]',
  );
  await chat.sendMessage('A long one [[scenario:prose n=9000 rate=100]]');
  await chat.waitForToken(250);
  for (const scrollUp of [
    () => page.mouse.wheel(0, -1),
    async () => {
      await page.locator('[data-scroller] [role=log]').evaluate((log) => {
        const init = { key: 'PageUp', bubbles: true };
        log.dispatchEvent(new KeyboardEvent('keydown', init));
      });
    },
    // The events of a dragged scroll bar, which headless Chromium hides.
    () =>
      scroller(chat).evaluate((box) => {
        box.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
        box.scrollTop -= 30;
        box.addEventListener(
          'scroll',
          () => box.dispatchEvent(new PointerEvent('pointerup', { bubbles: true })),
          { once: true },
        );
      }),
    () =>
      scroller(chat).evaluate((target) => {
        for (const [type, clientY] of [
          ['touchstart', 200],
          ['touchmove', 203],
        ] as const) {
          const touches = [new Touch({ identifier: 1, target, clientY })];
          target.dispatchEvent(new TouchEvent(type, { bubbles: true, touches }));
        }
      }),
    // As the browser's own search: its keys do not reach the page.
    () => chat.answers.getByText('to be found').evaluate((found) => found.scrollIntoView()),
    () => page.getByRole('link', { name: 'a link', exact: true }).focus(),
  ]) {
    await expect.poll(() => distanceFromEnd(chat)).toBeLessThan(60);
    await page.mouse.move(500, 200);
    await scrollUp();
    const tokenCount = (await chat.displayedTokens()).length;
    await expect(page.getByRole('button', { name: 'Scroll to the end' })).toBeVisible();
    await expect
      .poll(async () => (await chat.displayedTokens()).length)
      .toBeGreaterThan(tokenCount + 80);
    expect(await distanceFromEnd(chat)).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Scroll to the end' }).click();
  }
  await chat.stopButton.click();
});

function distanceFromEnd(chat: ChatPage): Promise<number> {
  return scroller(chat).evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
}

function scrollTop(chat: ChatPage): Promise<number> {
  return scroller(chat).evaluate((box) => box.scrollTop);
}

function scroller(chat: ChatPage) {
  return chat.page.locator('[data-scroller]');
}
