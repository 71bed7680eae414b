import { expectAccessible } from '@/tests/support/e2e/accessibility';
import { type ChatPage, observeTokens } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { waitUntilFramesSaved } from '@/tests/support/early-delivery';

const continueButton = (chat: ChatPage) =>
  chat.answer.getByRole('button', { name: 'Continue', exact: true });

test('a stopped answer continues in the same message, which stays on the page meanwhile', async ({
  chat,
  page,
  model,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  model.setScenario('tokens n=3000 rate=50');
  await chat.sendMessage('Stop me');
  await chat.waitForToken(30);
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  await expect(chat.answer).toContainText('Stopped');
  const partialLength = (await chat.displayedTokens()).length;
  observed.reset();

  model.setScenario(`tokens n=${partialLength + 60} rate=60 hold=${partialLength + 20} delay=2000`);
  await continueButton(chat).click();
  await expect(chat.answer).toHaveAttribute('aria-busy', 'true');
  await expect(chat.answer.getByRole('status', { name: 'Waiting for the answer' })).toBeVisible();
  await chat.expectTokens(partialLength + 20);
  await expect(chat.stopButton).toBeVisible();
  model.release();
  await chat.expectFinishedWithTokens(partialLength + 60);
  expect(observed.invalidTexts).toEqual([]);
  expect(observed.counts).toEqual([...observed.counts].sort((a, b) => a - b));
  expect(observed.counts[0]).toBeGreaterThan(partialLength);
  await expect(chat.answer).not.toContainText('Stopped');
  await expect(chat.userMessages).toHaveCount(1);
  await expect(chat.answers).toHaveCount(1);

  await chat.reload();
  await chat.expectFinishedWithTokens(partialLength + 60);
  await expect(continueButton(chat)).toHaveCount(0);
});

test('an interrupted answer continues, and a reload in the middle shows all of it', async ({
  chat,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('Fail midway [[scenario:disconnect after=10 times=1 n=40 hold=25]]');
  await expect(chat.alert).toContainText('closed the connection during the answer');
  await expect(chat.answer.getByRole('button', { name: 'Try again' })).toBeVisible();
  await continueButton(chat).click();
  await chat.expectTokens(25);
  await expect(chat.alert).toHaveCount(0);
  await chat.reload();
  await chat.expectTokens(25);
  model.release();
  await chat.expectFinishedWithTokens(40);
  await expect(chat.alert).toHaveCount(0);
});

test('an answer that reached its limit can be continued repeatedly', async ({ chat, model }) => {
  await chat.open();
  model.setScenario('length n=8');
  await chat.sendMessage('Too long');
  await chat.expectFinishedWithTokens(8);
  await expect(chat.answer).toContainText('The answer reached the token limit');
  model.setScenario('length n=16');
  await continueButton(chat).click();
  await chat.expectFinishedWithTokens(16);
  await expect(chat.answer).toContainText('The answer reached the token limit');
  model.setScenario('tokens n=24');
  await continueButton(chat).click();
  await chat.expectFinishedWithTokens(24);
  await expect(chat.answer).not.toContainText('The answer reached the token limit');
  await expect(continueButton(chat)).toHaveCount(0);
});

test('an answer that a server crash interrupted continues after the restart', async ({
  chat,
  page,
  startFreshApp,
  monitor,
}) => {
  monitor.allowErrors(/net::ERR_/);
  // On a busy machine the start may take longer than a request is held.
  monitor.allowErrors(/status of 503/);
  const app = await startFreshApp({ LOG_LEVEL: 'info' });
  await chat.open(app.baseUrl);
  await chat.sendMessage('Crash on me [[scenario:tokens n=30 hold=20]]');
  await chat.waitForToken(19);
  await waitUntilFramesSaved(app);
  await app.kill9();
  await app.restart();
  await expect(chat.alert).toContainText('The server stopped here. Everything above is stored.', {
    timeout: 20_000,
  });
  await chat.expectTokens(20);
  // A new chat offers it, too.
  await chat.open(app.baseUrl);
  const unfinished = page.getByRole('list', { name: 'Unfinished answers' });
  await unfinished.getByRole('button', { name: /^Continue / }).click();
  await chat.expectFinishedWithTokens(30);
  await expect(chat.alert).toHaveCount(0);
  const knot = chat.answer.getByRole('img', { name: /^Continued .+ after a restart$/ });
  await expect(knot).toBeVisible();
  await chat.reload();
  await expect(knot).toBeVisible();
});

test('an answer that is stopped while it continues keeps all its text', async ({ chat, model }) => {
  await chat.open();
  model.setScenario('tokens n=40 hold=10');
  await chat.sendMessage('Stop me twice');
  await chat.waitForToken(9);
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  // Stopped before another token arrives.
  model.setScenario('hang at=headers');
  await continueButton(chat).click();
  await expect(chat.stopButton).toBeVisible();
  await chat.stopButton.click();
  await expect(chat.answer).toContainText('Stopped');
  await chat.expectFinishedWithTokens(10);
  // Stopped in the middle.
  model.setScenario('tokens n=40 hold=20');
  await continueButton(chat).click();
  await chat.waitForToken(19);
  await chat.stopButton.click();
  await expect(chat.answer).toContainText('Stopped');
  await chat.expectFinishedWithTokens(20);
  await chat.reload();
  await chat.expectFinishedWithTokens(20);
});

test('Continue is offered only under the last answer, and only if there is something to continue', async ({
  chat,
}) => {
  await chat.open();
  await chat.sendMessage('Fail [[scenario:status code=401]]');
  await expect(chat.alert).toContainText('rejected the API key');
  await expect(continueButton(chat)).toHaveCount(0);
  await chat.sendMessage('Too long [[scenario:length n=8]]');
  await chat.expectFinishedWithTokens(8);
  await expect(continueButton(chat)).toBeVisible();
  await chat.sendAndWait('And then?');
  await expect(chat.log.getByRole('button', { name: 'Continue' })).toHaveCount(0);
});

test('a rejected continuation leaves the answer unchanged and says why', async ({
  chat,
  openTab,
  page,
  monitor,
}) => {
  monitor.allowErrors(/status of 409/);
  // This tab receives no live events.
  await page.route('**/api/events', (route) => route.abort());
  await chat.open();
  await chat.sendMessage('Too long [[scenario:length n=8]]');
  await chat.expectFinishedWithTokens(8);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await other.sendAndWait('Something else');
  await continueButton(chat).click();
  await expect(chat.alert).toContainText('was changed in another tab');
  await expect(chat.userMessages).toHaveText([/Too long/, /Something else/]);
  await expect(chat.answers.first()).toContainText('t0 t1 t2 t3 t4 t5 t6 t7');
});

test('Continue works with the keyboard and on a narrow screen, without accessibility violations', async ({
  chat,
  page,
  model,
}) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await chat.open();
  for (const scenario of ['length n=8', 'disconnect after=8']) {
    model.setScenario(scenario);
    await chat.sendMessage('Go on');
    await chat.expectFinishedWithTokens(8);
    await expect(continueButton(chat)).toBeInViewport({ ratio: 1 });
    await expectAccessible(page);
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(scrollWidth).toBeLessThanOrEqual(360);
    model.setScenario('tokens n=12');
    await continueButton(chat).focus();
    await page.keyboard.press('Enter');
    await chat.expectFinishedWithTokens(12);
    // The pressed button disappears: the focus moves to the message box.
    await expect(chat.messageBox).toBeFocused();
  }
});
