import { expect, test } from '@/tests/support/e2e';
import { requestFor } from '@/tests/support/e2e-chat';
import type { ModelServer } from '@/tests/support/model-server';

test('Stop ends the work of the model; what had come stays and does not grow back', async ({
  chat,
  model,
}) => {
  await chat.open();
  await chat.ask('Stop me [[scenario:tokens n=3000 rate=50]]');
  await chat.reaches(30);
  await chat.stopButton.click();
  await leavesModel(model, 'tokens n=3000 rate=50');
  await chat.finished();
  await expect(chat.answer).toContainText('Stopped');
  const kept = await chat.tokens();
  expect(kept.length).toBeGreaterThan(30);

  await chat.reload();
  await expect(chat.answer).toContainText('Stopped');
  expect(await chat.tokens()).toEqual(kept);
  // Not a moment later either.
  await chat.page.waitForTimeout(500);
  expect(await chat.tokens()).toEqual(kept);
  await expect(chat.sendButton).toBeVisible();
});

test('Stop works before the first token', async ({ chat, model }) => {
  await chat.open();
  await chat.ask('Never begin [[scenario:tokens n=9 delay=60000]]');
  await expect.poll(() => requestFor(model, 'tokens n=9 delay=60000')).toBeDefined();
  await chat.stopButton.click();
  await leavesModel(model, 'tokens n=9 delay=60000');
  await expect(chat.answer).toContainText('Stopped');
  await chat.reload();
  await expect(chat.answer).toContainText('Stopped');
  expect(await chat.tokens()).toEqual([]);
});

test('Stop works while the endpoint has not even answered', async ({ chat, model }) => {
  await chat.open();
  await chat.ask('Silence [[scenario:hang at=headers]]');
  await expect.poll(() => requestFor(model, 'hang at=headers')).toBeDefined();
  await chat.stopButton.click();
  await leavesModel(model, 'hang at=headers');
  await expect(chat.answer).toContainText('Stopped');
});

test('after a stop the person can write on, or have the answer made anew', async ({
  chat,
  model,
}) => {
  await chat.open();
  await chat.ask('Stop me too [[scenario:tokens n=2000 rate=50]]');
  await chat.reaches(5);
  await chat.stopButton.click();
  await chat.finished();
  await chat.ask('Shorter, please [[scenario:tokens n=12]]');
  await chat.hasExactly(12);
  await expect(chat.answers).toHaveCount(2);

  await chat.ask('Once more [[scenario:tokens n=60 rate=60 hold=20]]');
  await chat.reaches(19);
  await chat.stopButton.click();
  await chat.finished();
  await chat.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.holdsExactly(20);
  model.release();
  await chat.hasExactly(60);
  await expect(chat.answers).toHaveCount(3);
  await expect(chat.answer).not.toContainText('Stopped');
});

test('a stop in one tab ends the answer in the other', async ({ chat, openTab, model }) => {
  await chat.open();
  await chat.ask('Stop me elsewhere [[scenario:tokens n=2999 rate=50]]');
  await chat.reaches(10);
  const other = await openTab();
  await other.open(new URL(chat.page.url()).pathname);
  await other.reaches(20);
  await other.stopButton.click();
  await leavesModel(model, 'tokens n=2999 rate=50');
  await Promise.all([chat.finished(), other.finished()]);
  await expect(chat.answer).toContainText('Stopped');
  expect(await chat.tokens()).toEqual(await other.tokens());
});

test('leaving the page stops nothing', async ({ chat, page, model }) => {
  await chat.open();
  await chat.ask('Go on without me [[scenario:tokens n=60 rate=60 hold=20]]');
  await chat.reaches(19);
  const id = await chat.chatId();
  await page.goto('about:blank');
  model.release();
  await expect.poll(() => requestFor(model, 'tokens n=60 rate=60 hold=20')?.endedBy).toBe('server');
  await chat.open(`/chat/${id}`);
  await chat.hasExactly(60);
});

/** Waits until the connection to the model is closed, long before the answer would be over. */
async function leavesModel(model: ModelServer, scenario: string): Promise<void> {
  await expect.poll(() => requestFor(model, scenario)?.endedBy).toBe('client');
}
