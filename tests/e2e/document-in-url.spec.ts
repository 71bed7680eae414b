import { randomUUID } from 'node:crypto';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

test('the URL names the open document: a reload and a link restore it, and Back closes it', async ({
  chat,
  page,
  openTab,
  monitor,
}) => {
  monitor.allowErrors(/status of 404/);
  const panel = page.getByRole('complementary', { name: 'Document' });
  await chat.open();
  await chat.sendAndWait('Before');
  const chatUrl = page.url();
  await chat.sendAndWait(scenario('document', { title: 'Notes' }));
  await expect(panel).toContainText('Notes');
  await expect(page).toHaveURL(/\/chat\/[\w-]+\?doc=[\w-]+$/);
  const documentUrl = page.url();
  const entries = await page.evaluate(() => history.length);

  await chat.reload();
  await expect(panel).toContainText('Notes');
  expect(page.url()).toBe(documentUrl);
  // Another document replaces it; there is no entry per document.
  await chat.sendAndWait(scenario('document', { title: 'Other' }));
  await expect(panel).toContainText('Other');
  await expect.poll(() => page.url()).not.toBe(documentUrl);
  expect(await page.evaluate(() => history.length)).toBe(entries);

  await page.goBack();
  await expect(panel).toHaveCount(0);
  expect(page.url()).toBe(chatUrl);
  await expect(chat.userMessages).toHaveCount(3);
  await page.goForward();
  await expect(panel).toContainText('Other');

  const other = await openTab();
  const otherPanel = other.page.getByRole('complementary', { name: 'Document' });
  await other.open(documentUrl);
  await expect(otherPanel).toContainText('Notes');
  await other.page.goBack();
  await expect(otherPanel).toHaveCount(0);
  expect(other.page.url()).toBe(chatUrl);
  await expect(other.userMessages).toHaveCount(3);

  // Back does not lead to a deleted chat whose document was open.
  const third = await openTab();
  await third.open('/');
  await third.history.getByRole('link').click();
  const notes = third.page.getByRole('region', { name: /^Document: Notes/ });
  await notes.getByRole('button', { name: 'Open' }).click();
  await expect(third.page.getByRole('complementary', { name: 'Document' })).toContainText('Notes');
  await third.history.getByRole('button', { name: /^Options for/ }).click();
  await third.page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(third.page).toHaveURL(/\/$/);
  await expect(third.userMessages).toHaveCount(0);
  await third.page.goBack();
  await expect(third.page).toHaveURL(/\/$/);
  await third.page.getByRole('button', { name: 'Undo' }).click();
  await expect(third.page).toHaveURL(chatUrl);
  await expect(third.userMessages).toHaveCount(3);

  // A document of another chat is not displayed, and a missing one says so.
  await other.open();
  await other.sendAndWait('Elsewhere');
  const elsewhere = new URL(other.page.url());
  await other.open(`${elsewhere.pathname}${new URL(documentUrl).search}`);
  await expect(otherPanel).toHaveCount(0);
  await expect(other.page).toHaveURL(elsewhere.href);
  await other.open(`${elsewhere.pathname}?doc=${randomUUID()}`);
  await expect(otherPanel.getByRole('alert')).toContainText('Not found');
});
