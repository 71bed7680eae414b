import { expect, test } from '@/tests/support/e2e';
import { expectAccessible } from '@/tests/support/e2e-accessible';
import { type ChatPage, watchTokens } from '@/tests/support/e2e-chat';

test.afterEach(({ model }) => model.setScenario(null));

const continueButton = (chat: ChatPage) =>
  chat.answer.getByRole('button', { name: 'Continue', exact: true });

test('a stopped answer goes on in the same message, and nothing of it leaves the page meanwhile', async ({
  chat,
  page,
  model,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  model.setScenario('tokens n=3000 rate=50');
  await chat.ask('Stop me');
  await chat.reaches(30);
  await chat.stopButton.click();
  await chat.finished();
  await expect(chat.answer).toContainText('Stopped');
  const kept = (await chat.tokens()).length;
  seen.restart();

  model.setScenario(`tokens n=${kept + 60} rate=60 hold=${kept + 20} delay=2000`);
  await continueButton(chat).click();
  await expect(chat.answer).toHaveAttribute('aria-busy', 'true');
  await expect(chat.answer.getByRole('status', { name: 'Waiting for the answer' })).toBeVisible();
  await chat.holdsExactly(kept + 20);
  await expect(chat.stopButton).toBeVisible();
  model.release();
  await chat.hasExactly(kept + 60);
  expect(seen.wrong).toEqual([]);
  expect(seen.counts).toEqual([...seen.counts].sort((a, b) => a - b));
  expect(seen.counts[0]).toBeGreaterThan(kept);
  await expect(chat.answer).not.toContainText('Stopped');
  await expect(chat.questions).toHaveCount(1);
  await expect(chat.answers).toHaveCount(1);

  await chat.reload();
  await chat.hasExactly(kept + 60);
  await expect(continueButton(chat)).toHaveCount(0);
});

test('an answer that broke off goes on, and a reload in the middle of that shows all of it', async ({
  chat,
  model,
}) => {
  await chat.open();
  await chat.ask('Die on me [[scenario:die after=10 times=1 n=40 hold=25]]');
  await expect(chat.alert).toContainText('was cut off in the middle');
  await expect(chat.answer.getByRole('button', { name: 'Try again' })).toBeVisible();
  await continueButton(chat).click();
  await chat.holdsExactly(25);
  await expect(chat.alert).toHaveCount(0);
  await chat.reload();
  await chat.holdsExactly(25);
  model.release();
  await chat.hasExactly(40);
  await expect(chat.alert).toHaveCount(0);
});

test('an answer that reached its limit goes on, again and again', async ({ chat, model }) => {
  await chat.open();
  model.setScenario('length n=8');
  await chat.ask('Too long');
  await chat.hasExactly(8);
  await expect(chat.answer).toContainText('The model reached its limit');
  model.setScenario('length n=16');
  await continueButton(chat).click();
  await chat.hasExactly(16);
  await expect(chat.answer).toContainText('The model reached its limit');
  model.setScenario('tokens n=24');
  await continueButton(chat).click();
  await chat.hasExactly(24);
  await expect(chat.answer).not.toContainText('The model reached its limit');
  await expect(continueButton(chat)).toHaveCount(0);
});

test('an answer that a crash of the server cut short goes on after the restart', async ({
  chat,
  launchApp,
  watch,
}) => {
  watch.expect(/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE_CHUNKED/, /ERR_CONNECTION_RESET/);
  // A busy machine may take longer to start than a request is held for.
  watch.expect(/status of 503/);
  const app = await launchApp({});
  await chat.open(app.baseUrl);
  await chat.ask('Crash on me [[scenario:tokens n=30 hold=20]]');
  await chat.reaches(19);
  await app.kill9();
  await app.restart();
  await expect(chat.alert).toContainText('The server stopped here. Everything above is kept.', {
    timeout: 20_000,
  });
  await chat.holdsExactly(20);
  await continueButton(chat).click();
  await chat.hasExactly(30);
  await expect(chat.alert).toHaveCount(0);
});

test('an answer that is stopped again while it goes on keeps all of it', async ({
  chat,
  model,
}) => {
  await chat.open();
  model.setScenario('tokens n=40 hold=10');
  await chat.ask('Stop me twice');
  await chat.reaches(9);
  await chat.stopButton.click();
  await chat.finished();
  // Before a word more has come.
  model.setScenario('hang at=headers');
  await continueButton(chat).click();
  await expect(chat.stopButton).toBeVisible();
  await chat.stopButton.click();
  await expect(chat.answer).toContainText('Stopped');
  await chat.hasExactly(10);
  // And in the middle.
  model.setScenario('tokens n=40 hold=20');
  await continueButton(chat).click();
  await chat.reaches(19);
  await chat.stopButton.click();
  await expect(chat.answer).toContainText('Stopped');
  await chat.hasExactly(20);
  await chat.reload();
  await chat.hasExactly(20);
});

test('going on is offered under the last answer only, and only where there is something to go on from', async ({
  chat,
}) => {
  await chat.open();
  await chat.ask('Fail [[scenario:status code=401]]');
  await expect(chat.alert).toContainText('refused the API key');
  await expect(continueButton(chat)).toHaveCount(0);
  await chat.ask('Too long [[scenario:length n=8]]');
  await chat.hasExactly(8);
  await expect(continueButton(chat)).toBeVisible();
  await chat.askAndWait('And then?');
  await expect(chat.log.getByRole('button', { name: 'Continue' })).toHaveCount(0);
});

test('a refusal to go on leaves the answer as it was, and says why', async ({
  chat,
  openTab,
  page,
  watch,
}) => {
  watch.expect(/status of 409/);
  // This tab hears of nothing.
  await page.route('**/api/events', (route) => route.abort());
  await chat.open();
  await chat.ask('Too long [[scenario:length n=8]]');
  await chat.hasExactly(8);
  const other = await openTab();
  await other.open(new URL(page.url()).pathname);
  await other.askAndWait('Something else');
  await continueButton(chat).click();
  await expect(chat.alert).toContainText('moved on in another tab');
  await expect(chat.questions).toHaveText([/Too long/, /Something else/]);
  await expect(chat.answers.first()).toContainText('t0 t1 t2 t3 t4 t5 t6 t7');
});

test('going on works by keyboard, on a narrow screen, and breaks no rule of accessibility', async ({
  chat,
  page,
  model,
}) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await chat.open();
  for (const scenario of ['length n=8', 'die after=8']) {
    model.setScenario(scenario);
    await chat.ask('Go on');
    await chat.hasExactly(8);
    await expect(continueButton(chat)).toBeInViewport({ ratio: 1 });
    await expectAccessible(page);
    const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(scrolled).toBeLessThanOrEqual(360);
    model.setScenario('tokens n=12');
    await continueButton(chat).focus();
    await page.keyboard.press('Enter');
    await chat.hasExactly(12);
    // The button is gone; whoever pressed it can write on.
    await expect(chat.field).toBeFocused();
  }
});
