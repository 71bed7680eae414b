import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '@/tests/support/e2e';
import type { ChatPage } from '@/tests/support/e2e-chat';

const RICH = [
  '# Heading\n\nText with **bold**, `code`, [a link](https://example.com) and $x^2$.',
  '| A | B |\n| --- | --- |\n| 1 | 2 |',
  '```ts\nconst a = 1;\n```',
  '- [x] done\n- [ ] not done',
].join('\n\n');

test('everything can be done with the keyboard alone', async ({ chat, page, model }) => {
  await chat.open();
  await expect(chat.field).toBeFocused();
  await page.keyboard.type('No mouse [[scenario:tokens n=3000 rate=50]]');
  await page.keyboard.press('Enter');
  await chat.reaches(10);
  await page.keyboard.press('Tab');
  await expect(chat.stopButton).toBeFocused();
  await page.keyboard.press('Enter');
  await chat.finished();
  await expect.poll(() => model.openAnswers()).toBe(0);
  // Whoever pressed a button that is gone can write on.
  await expect(chat.field).toBeFocused();
  await page.keyboard.type('And on');
  await page.keyboard.press('Tab');
  await expect(chat.sendButton).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(chat.answer).toContainText('You said: And on');
  await chat.finished();
  await expect(chat.field).toBeFocused();

  await page.keyboard.press('ControlOrMeta+Shift+O');
  await expect(page).toHaveURL(/\/$/);
  await expect(chat.field).toBeFocused();
  await expect(chat.questions).toHaveCount(0);

  await chat.link('No mouse').focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Options for No mouse' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Options for No mouse' })).toBeFocused();

  await page.keyboard.press('ControlOrMeta+B');
  await expect(page.getByRole('button', { name: 'Open sidebar' })).toBeVisible();
  await expect(chat.history).not.toBeInViewport();
  await page.keyboard.press('ControlOrMeta+B');
  await expect(chat.history).toBeInViewport();
});

test('Tab reaches everything that can be pressed', async ({ chat, page }) => {
  await chat.open();
  await rich(chat);
  await chat.askAndWait('Another one');
  expect(await unreachedByTab(page)).toEqual([]);
});

test('the parts of the page have names, and a screen reader hears how an answer goes', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat');
  await expect(chat.sendButton).toBeVisible();
  await expect(page.getByRole('button', { name: 'New chat' }).first()).toBeVisible();
  await expect(page.getByRole('log', { name: 'Conversation' })).toBeVisible();
  await chat.ask('Read it out [[scenario:tokens n=40 hold=20]]');
  const heard = page.getByRole('status').filter({ hasText: /./ });
  await expect(heard.filter({ hasText: 'The answer is being written.' })).toBeAttached();
  await expect(chat.answer).toHaveAttribute('aria-busy', 'true');
  await chat.reaches(19);
  model.release();
  await chat.hasExactly(40);
  await expect(heard.filter({ hasText: /^Assistant: t0 t1/ })).toBeAttached();
  await expect(chat.answer).toHaveAttribute('aria-busy', 'false');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no accessibility rule is broken (${colorScheme})`, async ({ chat, page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await chat.open();
    await obeysAxe(page);

    await rich(chat);
    await chat.askAndWait('Think [[scenario:reasoning n=5]]');
    await chat.answer.getByRole('button', { name: /^(Thought|Reasoning)/ }).click();
    await chat.ask('Fail [[scenario:status code=401]]');
    await expect(chat.alert).toBeVisible();
    await obeysAxe(page);

    await page.getByRole('button', { name: /^Model: / }).click();
    await expect(page.getByRole('listbox')).toBeVisible();
    await obeysAxe(page);
    await page.keyboard.press('Escape');

    await chat.link('Rich').focus();
    await page.keyboard.press('Delete');
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await obeysAxe(page);
    await page.getByRole('button', { name: 'Cancel' }).click();

    await chat.ask('[[scenario:tool name=createDocument args={"title":"Notes","kind":"text"}]]');
    await expect(page.getByRole('complementary', { name: 'Document' })).toContainText('d29');
    await chat.finished();
    await obeysAxe(page);
  });
}

test('the theme follows the system, can be chosen, and stays chosen', async ({ chat, page }) => {
  const brightness = () =>
    page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d');
      if (!canvas) return Number.NaN;
      canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data[0] as number;
    });
  await page.emulateMedia({ colorScheme: 'dark' });
  await chat.open();
  expect(await brightness()).toBeLessThan(60);
  await page.getByRole('button', { name: 'Theme: as the system' }).click();
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
  expect(await brightness()).toBeGreaterThan(200);
  await chat.reload();
  expect(await brightness()).toBeGreaterThan(200);
  await page.getByRole('button', { name: 'Theme: light' }).click();
  expect(await brightness()).toBeLessThan(60);
});

/** A conversation with one of each kind of thing in it. */
async function rich(chat: ChatPage): Promise<void> {
  await chat.askAndWait(`[[title:text=Rich]][[scenario:say text="${RICH}"]]`);
  await expect(chat.link('Rich')).toBeVisible();
}

async function obeysAxe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  expect(found).toEqual([]);
}

/** What Tab, pressed until it has gone round, never came to. */
async function unreachedByTab(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const reached = new Set<Element>();
    Object.assign(window, { reached });
    addEventListener('focusin', ({ target }) => reached.add(target as Element));
    (document.activeElement as HTMLElement | null)?.blur();
  });
  const count = await page.evaluate(
    () => document.querySelectorAll('a[href], button, textarea, summary, [tabindex="0"]').length,
  );
  for (let press = 0; press < count + 5; press += 1) await page.keyboard.press('Tab');
  return await page.evaluate(() => {
    const { reached } = window as unknown as { reached: Set<Element> };
    const all = document.querySelectorAll<HTMLElement>(
      'a[href], button:not(:disabled), textarea, summary, [tabindex="0"]',
    );
    return [...all]
      .filter((element) => element.checkVisibility() && !element.closest('[inert]'))
      .filter((element) => !reached.has(element))
      .map((element) => element.outerHTML.slice(0, 200));
  });
}
