import type { Page } from '@playwright/test';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import {
  createDocument,
  DocumentPanel,
  documentCard,
  fetchLatestDocument,
  openLatestDocument,
} from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';

const TABLE = { title: 'Table', kind: 'sheet', content: 'name,value\nfirst,one\nsecond,two' };

/** For each kind, types ` last words` into a document that was just opened. */
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
  // The cell stays open: its edit is not committed yet.
  sheet: async ({ page }: ChatPage) => {
    await page.getByRole('gridcell', { name: 'first' }).dblclick();
    await page.keyboard.type(' last words');
  },
};

/** Closes a tab as a user does: `beforeunload` handlers run. Resolves when it is closed. */
async function closeTab(page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
}

const WAYS_TO_LEAVE: [string, (chat: ChatPage) => Promise<unknown>][] = [
  ['the tab is closed', ({ page }) => closeTab(page)],
  ['the page is reloaded', ({ page }) => page.reload()],
  ['another page is opened', ({ page }) => page.goto('about:blank')],
  [
    'a new chat is started',
    ({ page }) => page.getByRole('button', { name: 'New chat' }).first().click(),
  ],
  ['the panel is closed', ({ page }) => new DocumentPanel(page).button('Close document').click()],
];

for (const [label, leavePage] of WAYS_TO_LEAVE) {
  test(`an edit is saved if ${label} immediately afterwards`, async ({ openTab }) => {
    for (const [kind, write] of Object.entries(KINDS)) {
      const chat = await openTab();
      await createDocument(chat, { title: kind, kind, content: 'name\n\nfirst\n\nsecond\n' });
      await openLatestDocument(chat);
      const id = await chat.chatId();
      await write(chat);
      await leavePage(chat);
      const next = await openTab();
      await expect
        .poll(async () => (await fetchLatestDocument(next, id)).content)
        .toContain('first last words');
      expect((await fetchLatestDocument(next, id)).version, kind).toBe(2);
    }
  });
}

test('an edit too large for a keepalive request is saved when the document is opened again', async ({
  chat,
  page,
  openTab,
}) => {
  const lines = Array.from({ length: 4_000 }, (_, i) => `${i},${'x'.repeat(20)}`).join('\n');
  await createDocument(chat, {
    title: 'Large',
    kind: 'sheet',
    content: `name,value\nfirst,one\n${lines}`,
  });
  await openLatestDocument(chat);
  const path = new URL(page.url()).pathname;
  // A panel that followed the document while it was streamed is scrolled to its end.
  await page.getByRole('grid').press('ControlOrMeta+Home');
  // The header row is always in view: move from there to the first row.
  await page.keyboard.press('ArrowDown');
  await KINDS.sheet(chat);
  await closeTab(page);
  const reopenedTab = await openTab();
  await reopenedTab.open(path);
  await openLatestDocument(reopenedTab);
  await expect(reopenedTab.page.getByRole('gridcell', { name: 'first last words' })).toBeVisible();
  expect((await fetchLatestDocument(reopenedTab)).content).toContain('first last words,one');
});

test('an edit that could not be saved before the tab crashed is saved when the document is opened again', async ({
  chat,
  page,
  context,
  openTab,
  monitor,
}) => {
  monitor.allowErrors(/ERR_FAILED|Failed to load resource/);
  const panel = await createDocument(chat, TABLE);
  let offline = true;
  await context.route(/\/versions$/, (route) =>
    offline && route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await panel.editCell('one', 'kept');
  await expect(panel.root.getByRole('alert')).toContainText('Not saved: ');
  const path = new URL(page.url()).pathname;
  const crashed = page.waitForEvent('crash');
  page.goto('chrome://crash').catch(() => {});
  await crashed;
  offline = false;

  const reopenedTab = await openTab();
  await reopenedTab.open(path);
  await documentCard(reopenedTab.page, 'Table').getByRole('button', { name: 'Open' }).click();
  const reopenedPanel = new DocumentPanel(reopenedTab.page);
  await expect(reopenedPanel.cell('kept')).toBeVisible();
  await reopenedPanel.expectVersion(2, 2, 'you');
  expect((await fetchLatestDocument(reopenedTab)).content).toContain('kept');
});
