import { expectAccessible } from '@/tests/support/e2e/accessibility';
import { createDocument, DocumentPanel, documentCard } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

const TEXT = { title: 'Plan', content: '# Plan\n\nThe old part.\n\nThe rest.' };
const EDIT = { edits: [{ find: 'old part', replace: 'new part' }] };
/** Selects the document panel. */
const PANEL = '[data-document-panel]';
const TABLE = { title: 'Table', kind: 'sheet', content: 'name,value\nfirst,one' };

test('chat and panel have no accessibility violations', async ({ chat, page, model }) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.sendMessage(scenario('document', { title: 'Live', n: 60, rate: 0, hold: 20 }));
  await expect(panel.root).toContainText('d15');
  await expectAccessible(page);
  model.release();
  await chat.waitUntilFinished();
  await chat.sendAndWait(scenario('document', TEXT));
  await chat.sendAndWait(scenario('update', EDIT));
  await panel.expectVersion(2, 2, 'the model');
  await expectAccessible(page);
  await panel.button('Changes').click();
  await expect(panel.root.getByRole('region', { name: 'Changes' })).toBeVisible();
  await expectAccessible(page);
  await panel.button('Changes').click();
  await panel.button('Previous version').click();
  await panel.expectVersion(1, 2, 'the model');
  await expectAccessible(page);
  await panel.button('More for this document').click();
  await expect(page.getByRole('menu')).toBeVisible();
  // An open menu hides the rest of the page.
  await expectAccessible(page, '[role="menu"]');
});

test('each kind of document has no accessibility violations', async ({ chat, page }) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.sendAndWait(scenario('document', TEXT));
  const suggestions = [{ original: 'old', suggested: 'new', description: 'It is.' }];
  await chat.sendAndWait(scenario('suggest', { suggestions }));
  await panel.root.locator('.suggestion').click();
  await expect(panel.root.getByRole('dialog', { name: 'Suggestion' })).toBeVisible();
  await expectAccessible(page, PANEL);

  await chat.sendAndWait(scenario('document', TABLE));
  await panel.cell('one').click();
  await expectAccessible(page, PANEL);

  const program = { kind: 'code', rate: 0, after: 'There.' };
  const python = { language: 'python', content: 'def f(x):\n    return "a" + x  # why\n' };
  await chat.sendAndWait(scenario('document', { title: 'f.py', ...program, ...python }));
  await expect(panel.root.getByRole('textbox', { name: /^Code/ })).toContainText('return');
  await expectAccessible(page, PANEL);

  const renderedSvg = panel.root.frameLocator('iframe').locator('svg');
  const flow = { language: 'mermaid', content: 'flowchart TD\n  A[Ask] --> B[Answer]\n' };
  await chat.sendAndWait(scenario('document', { title: 'Flow', ...program, ...flow }));
  await expect(renderedSvg).toContainText('Answer', { timeout: 20_000 });
  await expectAccessible(page, PANEL);
  const circle = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>';
  const svg = { language: 'svg', content: circle };
  await chat.sendAndWait(scenario('document', { title: 'Circle', ...program, ...svg }));
  await expect(renderedSvg.locator('circle')).toBeAttached();
  await expectAccessible(page, PANEL);
});

test('the cards of tools and documents have no accessibility violations', async ({
  chat,
  page,
}) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.sendAndWait('[[scenario:tool name=paintPicture args={"a":1}]]');
  await chat.answer.getByText('Paint picture').click();
  await chat.sendAndWait(scenario('document', { title: 'Cut', n: 40, rate: 0, disconnect: 20 }));
  await chat.sendMessage(scenario('document', { title: 'Stopped', n: 40, rate: 0, hold: 20 }));
  await expect(panel.root.getByRole('heading', { name: 'Stopped', level: 2 })).toBeVisible();
  await expect(panel.root).toContainText('d15');
  await chat.stopButton.click();
  await chat.waitUntilFinished();
  await expect(documentCard(page, 'Stopped')).toContainText('was stopped');
  await expectAccessible(page);
});

test('the whole panel can be operated with the keyboard', async ({ chat, page }) => {
  const panel = await createDocument(chat, TEXT);
  await chat.sendAndWait(scenario('update', EDIT));
  await documentCard(page, 'Plan').first().getByRole('button', { name: 'Open' }).focus();
  await page.keyboard.press('Enter');
  await panel.expectVersion(1, 2, 'the model');
  await expect(panel.root).toBeFocused();

  /** Presses Tab until the button has the focus, then Enter. */
  async function press(name: string): Promise<void> {
    const button = panel.button(name);
    for (let tabs = 0; tabs < 80; tabs += 1) {
      if (await button.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await expect(button).toBeFocused();
    await page.keyboard.press('Enter');
  }
  const divider = panel.root.getByRole('separator', { name: 'Width of the document' });
  const width = Number(await divider.getAttribute('aria-valuenow'));
  await page.keyboard.press('Tab');
  await expect(divider).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(divider).toHaveAttribute('aria-valuenow', String(width + 2));
  await press('Full screen');
  await press('Next version');
  await panel.expectVersion(2, 2, 'the model');
  await page.keyboard.press('Escape');
  await expect(panel.button('Full screen')).toHaveAttribute('aria-pressed', 'false');
  await press('Previous version');
  await press('Restore');
  await panel.expectVersion(3, 3, 'you');
  await panel.button('More for this document').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Document title' })).toBeFocused();
  await page.keyboard.type('By key');
  await page.keyboard.press('Enter');
  await expect(panel.root.getByRole('heading', { name: 'By key', level: 2 })).toBeVisible();
  // Escape closes the innermost open element first.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(panel.root).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel.root).toHaveCount(0);
  await expect(
    documentCard(page, 'Plan').first().getByRole('button', { name: 'Open' }),
  ).toBeFocused();
});

test('a message can quote a part of a document', async ({ chat, page }) => {
  const panel = await createDocument(chat, TABLE);
  const about = page.getByRole('group', { name: 'What the message is about' });
  await panel.cell('one').click();
  await panel.button('Ask for a change').click();
  await expect(about).toContainText('About “Table”, row 1 of “value”: “one”');
  await expect(chat.messageBox).toBeFocused();
  await about.getByRole('button').click();
  await expect(about).toHaveCount(0);

  await panel.cell('one').click();
  await panel.button('Ask for a change').click();
  await chat.sendAndWait('Make it larger');
  await expect(about).toHaveCount(0);
  const userMessage = chat.userMessages.last();
  await expect(userMessage.getByRole('blockquote')).toContainText('one');
  await expect(userMessage).toContainText('Make it larger');
  await expect(userMessage).not.toContainText('(id ');
  // The model receives the complete quote with the document's id.
  await expect(chat.answer).toContainText(
    /About this part of the document “Table” \(id [\w-]{36}; row 1 of “value”\):/,
  );
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

  test('the document covers the chat, and every control is reachable', async ({ chat, page }) => {
    const panel = await createDocument(chat, TEXT);
    await panel.button('Close document').tap();
    await chat.sendAndWait(scenario('update', EDIT));
    await panel.expectVersion(2, 2, 'the model');
    const box = await panel.root.boundingBox();
    expect(box).toEqual({ x: 0, y: 0, width: 360, height: 640 });
    // The chat behind it is unreachable for Tab and for screen readers.
    await expect(chat.messageBox).toHaveCount(1);
    await expect(page.locator('[inert]').filter({ has: chat.messageBox })).not.toHaveCount(0);
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      ...[...document.querySelectorAll('[data-document-panel], [data-document-panel] > *')].map(
        (element) => element.scrollWidth,
      ),
    ]);
    expect(Math.max(...widths)).toBeLessThanOrEqual(360);
    await panel.button('Previous version').tap();
    await panel.expectVersion(1, 2, 'the model');
    await panel.button('Restore').tap();
    await panel.expectVersion(3, 3, 'you');
    await expectAccessible(page);
    await panel.button('Close document').tap();
    await expect(panel.root).toHaveCount(0);
    await chat.messageBox.tap();
    await expect(chat.messageBox).toBeFocused();
  });

  test('a title of maximum length does not widen the page, in any script', async ({
    chat,
    page,
  }) => {
    const panel = new DocumentPanel(page);
    const title = `${'Überlänge世界שלום👩‍🚀'.repeat(9)} end`;
    const widest = () =>
      page.evaluate(() =>
        Math.max(
          ...[...document.querySelectorAll('body, [data-document-panel], [role="menu"]')].map(
            (element) => element.getBoundingClientRect().right,
          ),
          document.documentElement.scrollWidth,
        ),
      );
    await chat.open();
    await chat.sendAndWait(scenario('document', { ...TEXT, title }));
    await expect(panel.root.getByRole('heading', { level: 2 })).toHaveText(title);
    expect(await widest()).toBeLessThanOrEqual(360);
    await panel.button('Close document').tap();
    await expect(documentCard(page, title)).toBeVisible();
    expect(await widest()).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: 'Documents of this chat: 1' }).tap();
    await expect(page.getByRole('menuitem')).toContainText(title);
    expect(await widest()).toBeLessThanOrEqual(360);
  });

  test('a document does not open over a message that is being written', async ({
    chat,
    page,
    model,
  }) => {
    const panel = new DocumentPanel(page);
    await chat.open();
    await chat.sendMessage(scenario('document', { title: 'Later', n: 40, rate: 0, hold: 0 }));
    await expect(documentCard(page, 'Later')).toContainText('Writing…');
    await chat.messageBox.tap();
    await chat.messageBox.fill('In the middle of a');
    model.release();
    await chat.waitUntilFinished();
    await expect(panel.root).toHaveCount(0);
    await documentCard(page, 'Later').getByRole('button', { name: 'Open' }).tap();
    await expect(panel.root).toContainText('d39');
  });
});
