import type { Page } from '@playwright/test';
import { expect, test } from '@/tests/support/e2e';
import type { ChatPage } from '@/tests/support/e2e-chat';
import {
  cardOf,
  DocumentPanel,
  newestOf,
  openNewest,
  writeDocument,
} from '@/tests/support/e2e-panel';

const TABLE = { title: 'Table', kind: 'sheet', content: 'name,value\nfirst,one\nsecond,two' };

/** Editors of all kinds: how a person writes last words into what has just been opened. */
const KINDS = {
  text: async ({ page }: ChatPage) => {
    await page.getByRole('textbox', { name: /^Text/ }).getByText('first').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' last words');
  },
  code: async ({ page }: ChatPage) => {
    await page.getByRole('textbox', { name: /^Code/ }).getByText('first').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' last words');
  },
  // The cell is being typed in: nothing has been taken yet.
  sheet: async ({ page }: ChatPage) => {
    await page.getByRole('gridcell', { name: 'first' }).dblclick();
    await page.keyboard.type(' last words');
  },
};

/** As a person does: the page has its say, and is waited for. */
async function closeTab(page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
}

const LEAVING: [string, (chat: ChatPage) => Promise<unknown>][] = [
  ['the tab is closed', ({ page }) => closeTab(page)],
  ['the page is reloaded', ({ page }) => page.reload()],
  ['another page is opened', ({ page }) => page.goto('about:blank')],
  [
    'another chat is begun',
    ({ page }) => page.getByRole('button', { name: 'New chat' }).first().click(),
  ],
  ['the panel is closed', ({ page }) => new DocumentPanel(page).button('Close document').click()],
];

for (const [how, leave] of LEAVING) {
  test(`what was written the moment before is there where ${how}`, async ({ openTab }) => {
    for (const [kind, write] of Object.entries(KINDS)) {
      const chat = await openTab();
      await writeDocument(chat, { title: kind, kind, content: 'name\n\nfirst\n\nsecond\n' });
      await openNewest(chat);
      const id = await chat.chatId();
      await write(chat);
      await leave(chat);
      const next = await openTab();
      await expect
        .poll(async () => (await newestOf(next, id)).content)
        .toContain('first last words');
      expect((await newestOf(next, id)).version, kind).toBe(2);
    }
  });
}

test('what is too large to be sent by a page that goes away is saved when it is opened again', async ({
  chat,
  page,
  openTab,
}) => {
  const lines = Array.from({ length: 4_000 }, (_, i) => `${i},${'x'.repeat(20)}`).join('\n');
  await writeDocument(chat, {
    title: 'Large',
    kind: 'sheet',
    content: `name,value\nfirst,one\n${lines}`,
  });
  await openNewest(chat);
  const address = new URL(page.url()).pathname;
  // It may have been watched as it was written, and is at its end then.
  await page.getByRole('grid').press('ControlOrMeta+Home');
  // The row of names is always in view: from there to the first row.
  await page.keyboard.press('ArrowDown');
  await KINDS.sheet(chat);
  await closeTab(page);
  const again = await openTab();
  await again.open(address);
  await openNewest(again);
  await expect(again.page.getByRole('gridcell', { name: 'first last words' })).toBeVisible();
  expect((await newestOf(again)).content).toContain('first last words,one');
});

test('an edit that could not be saved before the tab crashed is saved when it is opened again', async ({
  chat,
  page,
  context,
  openTab,
  watch,
}) => {
  watch.expect(/ERR_FAILED|Failed to load resource/);
  const panel = await writeDocument(chat, TABLE);
  let away = true;
  await context.route(/\/versions$/, (route) =>
    away && route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await panel.change('one', 'kept');
  await expect(panel.root.getByRole('alert')).toContainText('Not saved: ');
  const address = new URL(page.url()).pathname;
  const crashed = page.waitForEvent('crash');
  page.goto('chrome://crash').catch(() => {});
  await crashed;
  away = false;

  const again = await openTab();
  await again.open(address);
  await cardOf(again.page, 'Table').getByRole('button', { name: 'Open' }).click();
  const reopened = new DocumentPanel(again.page);
  await expect(reopened.cell('kept')).toBeVisible();
  await reopened.isAt(2, 2, 'you');
  expect((await newestOf(again)).content).toContain('kept');
});
