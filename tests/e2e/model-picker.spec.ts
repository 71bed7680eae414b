import type { Locator } from '@playwright/test';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { MODEL_ID, OTHER_MODEL_ID, startModelServer } from '@/tests/support/model-server';

/** The displayed name omits the vendor. */
const OTHER_NAME = 'scripted-two';

test('the picker lists the chat models of the endpoint only', async ({ chat, page }) => {
  await chat.open();
  await picker(chat).click();
  const list = page.getByRole('listbox', { name: 'Models' });
  await expect(list.getByRole('option')).toHaveText([MODEL_ID, OTHER_NAME]);
  await expect(list.getByRole('option', { selected: true })).toHaveText(MODEL_ID);
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await expect(picker(chat)).toBeFocused();
});

test('each chat keeps its model after a reload and after another chat was opened', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await pickModel(chat, OTHER_NAME);
  await chat.sendAndWait('With the other model');
  expect(latestRequestedModel(model)).toBe(OTHER_MODEL_ID);
  await expect(chat.answer).toContainText(OTHER_NAME);

  await page.getByRole('button', { name: 'New chat' }).first().click();
  await pickModel(chat, MODEL_ID);
  await chat.sendAndWait('With the first model');
  expect(latestRequestedModel(model)).toBe(MODEL_ID);

  await chat.chatLink('With the other model').click();
  await expect(picker(chat)).toHaveAccessibleName(`Model: ${OTHER_NAME}`);
  await chat.reload();
  await expect(picker(chat)).toHaveAccessibleName(`Model: ${OTHER_NAME}`);
  await chat.sendAndWait('Still the other one?');
  expect(latestRequestedModel(model)).toBe(OTHER_MODEL_ID);

  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await pickModel(chat, MODEL_ID);
  await saved;
  await chat.reload();
  await expect(picker(chat)).toHaveAccessibleName(`Model: ${MODEL_ID}`);
  await chat.sendAndWait('And now the first one?');
  expect(latestRequestedModel(model)).toBe(MODEL_ID);
});

test('a model can be picked with the keyboard alone', async ({ chat, page }) => {
  await chat.open();
  await picker(chat).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox', { name: 'Models' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(picker(chat)).toHaveAccessibleName(`Model: ${OTHER_NAME}`);
  await expect(picker(chat)).toBeFocused();
});

test('without an endpoint the demo answers and is clearly marked as a demo', async ({
  chat,
  page,
  startFreshApp,
}) => {
  const app = await startFreshApp({ OPENAI_BASE_URL: '' });
  await chat.open(app.baseUrl);
  await expect(page.getByRole('button', { name: /^Model: .* \(demo\)$/ })).toContainText('Demo');
  await chat.sendMessage('Show me a table');
  await expect(chat.answer.getByRole('table')).toBeVisible();
  await expect(chat.answer).toContainText('This is the built-in demo: a script');
  await chat.waitUntilFinished();
  await picker(chat).click();
  await expect(page.getByRole('option')).toContainText('no model is connected');
});

test('an unavailable endpoint is named in the picker and listed once it has recovered', async ({
  chat,
  page,
  startFreshApp,
  monitor,
}) => {
  monitor.allowErrors(/status of 50[23]/);
  const stoppedServer = await startModelServer();
  await stoppedServer.stop();
  const app = await startFreshApp({ OPENAI_BASE_URL: stoppedServer.baseUrl });
  await chat.open(app.baseUrl);
  await expect(picker(chat)).toContainText('No model');
  await chat.sendMessage('Is anybody there?');
  await expect(chat.alert).toContainText('No model is available yet.');
  await expect(chat.messageBox).toHaveValue('Is anybody there?');
  await picker(chat).click();
  const panel = page.getByRole('dialog', { name: 'Choose a model' });
  await expect(panel).toContainText('Couldn’t reach the model server');
  const restartedServer = await startModelServer({ port: stoppedServer.port });
  await expect(async () => {
    // The models may come late from the attempt before: the button is gone then.
    const tryAgain = panel.getByRole('button', { name: 'Try again' });
    if (await tryAgain.isVisible()) await tryAgain.click({ timeout: 1_000 });
    await expect(panel.getByRole('option').first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await panel.getByRole('option', { name: MODEL_ID, exact: true }).click();
  await chat.messageBox.press('Enter');
  await expect(chat.answer).toContainText('You said: Is anybody there?');
  await restartedServer.stop();
});

function picker(chat: ChatPage): Locator {
  return chat.page.getByRole('button', { name: /^Model: / });
}

async function pickModel(chat: ChatPage, model: string): Promise<void> {
  await picker(chat).click();
  await chat.page.getByRole('option', { name: model, exact: true }).click();
  await expect(picker(chat)).toHaveAccessibleName(`Model: ${model}`);
}

function latestRequestedModel({
  requests,
}: {
  requests: { purpose: string; body: { model?: string } }[];
}) {
  return requests.filter(({ purpose }) => purpose === 'answer').at(-1)?.body.model;
}
