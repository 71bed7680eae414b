import type { Locator } from '@playwright/test';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import { type ChatPage, findAnswerRequest } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

const bubbleOf = ({ page }: ChatPage) => page.getByRole('button', { name: 'Ask about this' });
const chipOf = ({ page }: ChatPage) =>
  page.getByRole('group', { name: 'What the message is about' });

/** Selects from the start of one element to the end of another one, as by keyboard. */
async function select(start: Locator, end: Locator): Promise<void> {
  const endElement = await end.elementHandle();
  await start.evaluate((element, last) => {
    getSelection()?.setBaseAndExtent(element, 0, last as Node, last?.childNodes.length ?? 0);
  }, endElement);
}

test('selected text of an answer is quoted in the next message, also after a reload', async ({
  chat,
  model,
}) => {
  await chat.open();
  await chat.sendAndWait(scenario('say', { text: 'Snow is white.\n\nCoal is black.' }));
  await chat.userMessages.locator('p').selectText();
  await expect(chat.answer).toBeVisible();
  await expect(bubbleOf(chat)).toHaveCount(0);

  await chat.answer.getByText('Coal is black.').click({ clickCount: 3 });
  await expect(bubbleOf(chat)).toBeVisible();
  await expectAccessible(chat.page);
  await chat.page.keyboard.press('Escape');
  await expect(bubbleOf(chat)).toHaveCount(0);
  await chat.answer.getByText('Coal is black.').click({ clickCount: 3 });
  await bubbleOf(chat).click();
  await expect(chat.messageBox).toBeFocused();
  await chat.messageBox.fill('Why is that?');
  await chat.reload();
  await expect(chipOf(chat)).toContainText('Coal is black.');
  await expect(chat.messageBox).toHaveValue('Why is that?');
  await expectAccessible(chat.page);

  model.setScenario('say text=Carbon');
  await chat.messageBox.press('ControlOrMeta+Enter');
  await expect(chat.userMessages.last().getByRole('blockquote')).toHaveText('Coal is black.');
  await expect(chipOf(chat)).toHaveCount(0);
  await chat.waitUntilFinished();
  expect(JSON.stringify(findAnswerRequest(model, 'say text=Carbon')?.body.messages)).toContain(
    JSON.stringify('About this part of your answer:\n\n> Coal is black.\n\nWhy is that?'),
  );
});

test('a selection over messages, formulas, code and tables is quoted as plain text by keyboard', async ({
  chat,
}) => {
  await chat.open();
  const first = 'Now $x^2$:\n\n```py\nif a:\n    b()\n```\n\n| A | B |\n| - | - |\n| 1 | 2 |';
  await chat.sendAndWait(scenario('say', { text: first }));
  const second = scenario('say', { text: 'The end.' });
  await chat.sendAndWait(second);
  await expect(chat.answers.first().locator('.katex')).toBeVisible();
  await select(chat.answers.first().locator('p').first(), chat.answer.getByText('The end.'));
  await expect(bubbleOf(chat)).toBeVisible();
  await chat.page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await chat.page.keyboard.press('Tab');
  await expect(bubbleOf(chat)).toBeFocused();
  await chat.page.keyboard.press('Enter');
  await expect(chipOf(chat)).toBeVisible();
  await chat.messageBox.fill('Compare');
  await chat.messageBox.press('ControlOrMeta+Enter');
  const quote = chat.userMessages.last().getByRole('blockquote');
  await expect
    .poll(() => quote.locator('p').evaluate((p) => p.textContent))
    .toBe(`Now $x^2$:\n\nif a:\n    b()\nA\tB\n1\t2\n\n${second}\n\nThe end.`);
});
