import { expect, test } from '@/tests/support/e2e';
import type { ChatPage } from '@/tests/support/e2e-chat';

test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

const WIDE = [
  `An unbreakable ${'w'.repeat(200)} word`,
  `\`${'inline_code_'.repeat(20)}\``,
  `| ${'Column | '.repeat(12)}\n| ${'--- | '.repeat(12)}\n| ${'value | '.repeat(12)}`,
  `\`\`\`ts\nconst line = '${'x'.repeat(300)}';\n\`\`\``,
  `$$\n${'a_{1} + '.repeat(40)}b\n$$`,
  `[a link](https://example.com/${'path/'.repeat(40)}) https://example.com/${'p'.repeat(150)}`,
].join('\n\n');

test('on a phone nothing sticks out, whatever the model writes', async ({ chat, page }) => {
  await chat.open();
  await staysInside(chat);
  await chat.askAndWait(`[[title:text=Wide]][[scenario:say text="${WIDE}"]]`);
  await expect(chat.answer.getByRole('figure')).toBeVisible();
  await staysInside(chat);
  await chat.askAndWait(`${'longword'.repeat(60)} [[scenario:reasoning n=5]]`);
  await staysInside(chat);
  await chat.ask('[[scenario:tool name=createDocument args={"title":"Notes","kind":"text"}]]');
  await expect(page.getByRole('complementary', { name: 'Document' })).toContainText('d29');
  await staysInside(chat);
  await page.getByRole('button', { name: 'Close document' }).tap();
  await page.getByRole('button', { name: /^Model: / }).tap();
  await expect(page.getByRole('listbox')).toBeVisible();
  await staysInside(chat);
});

test('on a phone everything is within reach', async ({ chat, page }) => {
  await chat.open();
  await chat.field.tap();
  await chat.field.fill('From a phone');
  await chat.sendButton.tap();
  await expect(chat.answer).toContainText('You said: From a phone');
  await chat.finished();
  await page.getByRole('button', { name: 'New chat' }).tap();
  await expect(chat.questions).toHaveCount(0);

  await page.getByRole('button', { name: 'Open sidebar' }).tap();
  const sheet = page.getByRole('dialog', { name: 'Sidebar' });
  await expect(sheet.getByRole('button', { name: /^Account: / })).toBeVisible();
  await expect(sheet.getByRole('button', { name: /^Theme: / })).toBeVisible();
  await expect(sheet.getByRole('button', { name: 'New chat' })).toBeVisible();
  await sheet.getByRole('button', { name: 'Options for From a phone' }).tap();
  await page.getByRole('menuitem', { name: 'Rename' }).tap();
  await page.getByRole('textbox', { name: 'Chat title' }).fill('Renamed on a phone');
  await page.keyboard.press('Enter');
  await sheet.getByRole('link', { name: 'Renamed on a phone' }).tap();
  await expect(sheet).toHaveCount(0);
  await expect(chat.questions).toHaveText([/From a phone/]);
  await staysInside(chat);
});

test('what is pressed with a finger is large enough for one', async ({ chat, page }) => {
  await chat.open();
  await chat.askAndWait('Fingers');
  const small = await page.getByRole('button').evaluateAll((buttons) =>
    buttons
      .map((button) => ({ box: button.getBoundingClientRect(), name: button.ariaLabel }))
      .filter(({ box }) => box.width > 0 && Math.min(box.width, box.height) < 24)
      .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`),
  );
  // WCAG 2.2, target size (minimum).
  expect(small).toEqual([]);
});

/** Neither the page nor the conversation can be scrolled sideways. */
async function staysInside({ page }: ChatPage): Promise<void> {
  const widths = await page.evaluate(() =>
    [document.scrollingElement, ...document.querySelectorAll('main, [data-scroller], aside')].map(
      (element) => (element ? element.scrollWidth - element.clientWidth : 0),
    ),
  );
  expect(Math.max(...widths)).toBeLessThanOrEqual(0);
}
