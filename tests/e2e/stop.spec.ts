import { findAnswerRequest } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import type { ModelServer } from '@/tests/support/model-server';

test('Stop aborts the request to the model, and the partial answer stays and does not grow', async ({
  chat,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('Stop me [[scenario:tokens n=3000 rate=50]]');
  await chat.waitForToken(30);
  await chat.stopButton.click();
  await expectModelDisconnected(model, 'tokens n=3000 rate=50');
  await chat.waitUntilFinished();
  await expect(chat.answer).toContainText('Stopped');
  const partialTokens = await chat.displayedTokens();
  expect(partialTokens.length).toBeGreaterThan(30);

  await chat.reload();
  await expect(chat.answer).toContainText('Stopped');
  expect(await chat.displayedTokens()).toEqual(partialTokens);
  // The answer does not grow later either.
  await chat.page.waitForTimeout(500);
  expect(await chat.displayedTokens()).toEqual(partialTokens);
  await expect(chat.sendButton).toBeVisible();
});

test('Stop works before the first token', async ({ chat, model }) => {
  await chat.open();
  await chat.sendMessage('Never begin [[scenario:tokens n=9 delay=60000]]');
  await expect.poll(() => findAnswerRequest(model, 'tokens n=9 delay=60000')).toBeDefined();
  await chat.stopButton.click();
  await expectModelDisconnected(model, 'tokens n=9 delay=60000');
  await expect(chat.answer).toContainText('Stopped');
  await chat.reload();
  await expect(chat.answer).toContainText('Stopped');
  expect(await chat.displayedTokens()).toEqual([]);
});

test('Stop works before the endpoint has responded', async ({ chat, model }) => {
  await chat.open();
  await chat.sendMessage('Silence [[scenario:hang at=headers]]');
  await expect.poll(() => findAnswerRequest(model, 'hang at=headers')).toBeDefined();
  await chat.stopButton.click();
  await expectModelDisconnected(model, 'hang at=headers');
  await expect(chat.answer).toContainText('Stopped');
});

test('after a stop the user can send another message or regenerate the answer', async ({
  chat,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('Stop me too [[scenario:tokens n=2000 rate=50]]');
  await chat.waitForToken(5);
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  await chat.sendMessage('Shorter, please [[scenario:tokens n=12]]');
  await chat.expectFinishedWithTokens(12);
  await expect(chat.answers).toHaveCount(2);

  await chat.sendMessage('Once more [[scenario:tokens n=60 rate=60 hold=20]]');
  await chat.waitForToken(19);
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  await chat.answer.getByRole('button', { name: 'Regenerate' }).click();
  await chat.expectTokens(20);
  model.release();
  await chat.expectFinishedWithTokens(60);
  await expect(chat.answers).toHaveCount(3);
  await expect(chat.answer).not.toContainText('Stopped');
});

test('a stop in one tab ends the answer in the other', async ({ chat, openTab, model }) => {
  await chat.open();
  await chat.sendMessage('Stop me elsewhere [[scenario:tokens n=2999 rate=50]]');
  await chat.waitForToken(10);
  const other = await openTab();
  await other.open(new URL(chat.page.url()).pathname);
  await other.waitForToken(20);
  await other.stopButton.click();
  await expectModelDisconnected(model, 'tokens n=2999 rate=50');
  await Promise.all([chat.waitUntilFinished(), other.waitUntilFinished()]);
  await expect(chat.answer).toContainText('Stopped');
  expect(await chat.displayedTokens()).toEqual(await other.displayedTokens());
});

test('closing the page does not stop the answer', async ({ chat, page, model }) => {
  await chat.open();
  await chat.sendMessage('Go on without me [[scenario:tokens n=60 rate=60 hold=20]]');
  await chat.waitForToken(19);
  const id = await chat.chatId();
  await page.goto('about:blank');
  model.release();
  await expect
    .poll(() => findAnswerRequest(model, 'tokens n=60 rate=60 hold=20')?.endedBy)
    .toBe('server');
  await chat.open(`/chat/${id}`);
  await chat.expectFinishedWithTokens(60);
});

/** Waits until the app has closed its connection to the model, before the answer ends. */
async function expectModelDisconnected(model: ModelServer, scenario: string): Promise<void> {
  await expect.poll(() => findAnswerRequest(model, scenario)?.endedBy).toBe('client');
}
