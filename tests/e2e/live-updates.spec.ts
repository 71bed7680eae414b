import type { Page, Request } from '@playwright/test';
import { type ChatPage, observeTokens } from '@/tests/support/e2e/chat-page';
import { expect, newDatabase, test } from '@/tests/support/e2e/fixtures';
import { startProxy } from '@/tests/support/e2e/network-proxy';

const pathOf = ({ page }: ChatPage) => new URL(page.url()).pathname;

test('a message sent in one tab appears in the other, with its answer live', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  await chat.sendAndWait('The beginning');
  const other = await openTab();
  const observed = await observeTokens(other.page);
  await other.open(pathOf(chat));
  await other.messageBox.fill('A draft of mine');

  const requestMethods = recordRequests(chat.page, '/api/chat');
  await chat.messageBox.fill('Do you see me? [[scenario:tokens n=120 rate=60 hold=40,80]]');
  await chat.sendButton.click();
  await other.expectTokens(40);
  await expect(other.stopButton).toBeVisible();
  model.release();
  await other.expectTokens(80);
  model.release();
  await Promise.all([chat.expectFinishedWithTokens(120), other.expectFinishedWithTokens(120)]);
  expect(observed.invalidTexts).toEqual([]);
  await expect(other.userMessages).toHaveText([/The beginning/, /Do you see me/]);
  await expect(other.messageBox).toHaveValue('A draft of mine');
  // The sending tab already reads the answer: it does not open a second stream.
  expect(requestMethods()).toEqual(['POST']);

  // The same in the other direction.
  await other.messageBox.press('Enter');
  await expect(chat.answer).toContainText('You said: A draft of mine');
});

test('a user who has scrolled up stays there while another tab sends', async ({
  chat,
  openTab,
  page,
}) => {
  await page.setViewportSize({ width: 900, height: 500 });
  await chat.open();
  await chat.sendAndWait('Long [[scenario:prose n=300]]');
  const other = await openTab();
  await other.open(pathOf(chat));

  await chat.answer.hover();
  const scroller = page.locator('[data-scroller]');
  const end = await scroller.evaluate((box) => box.scrollTop);
  await page.mouse.wheel(0, -900);
  await expect.poll(() => scroller.evaluate((box) => box.scrollTop)).toBe(end - 900);
  await expect(page.getByRole('button', { name: 'Scroll to the end' })).toBeVisible();
  const before = end - 900;
  await other.sendAndWait('Meanwhile [[scenario:tokens n=60 rate=60]]');
  await expect(chat.userMessages).toHaveText([/Long/, /Meanwhile/]);
  await chat.expectFinishedWithTokens(60);
  expect(Math.abs((await scroller.evaluate((box) => box.scrollTop)) - before)).toBeLessThan(5);
});

test('an answer regenerated, stopped or continued in one tab changes in the other', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('tokens n=40 hold=20');
  await chat.sendMessage('Stop me');
  await chat.waitForToken(19);
  const other = await openTab();
  const observed = await observeTokens(other.page);
  await other.open(pathOf(chat));
  await other.expectTokens(20);
  await chat.stopButton.click();
  await expect(other.answer).toContainText('Stopped');
  await other.waitUntilFinished();
  observed.reset();

  model.setScenario('tokens n=40 hold=30 delay=200');
  await chat.answer.getByRole('button', { name: 'Continue' }).click();
  await other.expectTokens(30);
  model.release();
  await Promise.all([chat.expectFinishedWithTokens(40), other.expectFinishedWithTokens(40)]);
  await expect(other.answer).not.toContainText('Stopped');
  expect(observed.invalidTexts).toEqual([]);
  expect(observed.counts).toEqual([...observed.counts].sort((a, b) => a - b));

  model.setScenario(null);
  await other.sendMessage('Fail once [[scenario:status code=500 times=1 n=7]]');
  await expect(chat.alert).toContainText('model server failed');
  await other.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.expectFinishedWithTokens(7);
  await expect(chat.alert).toHaveCount(0);
  await expect(chat.answers).toHaveCount(2);
});

test('of two tabs that send at the same time one is answered, and the other keeps its text in the box', async ({
  chat,
  openTab,
  model,
  monitor,
}) => {
  monitor.allowErrors(/status of 409/);
  await chat.open();
  await chat.sendAndWait('The beginning');
  const other = await openTab();
  await other.open(pathOf(chat));
  const texts = ['From the left', 'From the right'];
  for (const [index, tab] of [chat, other].entries()) {
    await tab.messageBox.fill(`${texts[index]} [[scenario:tokens n=30 hold=10]]`);
  }
  await Promise.all([chat.messageBox.press('Enter'), other.messageBox.press('Enter')]);
  await Promise.all([chat.expectTokens(10), other.expectTokens(10)]);
  const leftWasSent = (await chat.userMessages.last().textContent())?.includes('left') ?? false;
  const [rejectedTab, rejectedText] = leftWasSent ? [other, texts[1]] : [chat, texts[0]];
  await expect(rejectedTab.messageBox).toHaveValue(new RegExp(rejectedText as string));
  await expect(rejectedTab.userMessages).toHaveText([
    /The beginning/,
    leftWasSent ? /left/ : /right/,
  ]);
  model.release();
  await Promise.all([chat.expectFinishedWithTokens(30), other.expectFinishedWithTokens(30)]);
  await rejectedTab.messageBox.press('Enter');
  for (const tab of [chat, other]) await expect(tab.answers).toHaveCount(3);
  await Promise.all([chat.expectTokens(10), other.expectTokens(10)]);
  model.release();
  await Promise.all([chat.expectFinishedWithTokens(30), other.expectFinishedWithTokens(30)]);
  for (const tab of [chat, other]) await expect(tab.userMessages).toHaveCount(3);
});

test('another device shows new, renamed and deleted chats automatically', async ({
  chat,
  openContext,
  context,
}) => {
  await chat.open();
  await chat.sendAndWait('First [[title:text=Apples]]');
  const device = await openContext();
  await device.page.context().addCookies(await context.cookies());
  await device.open();
  await expect(device.chatLink('Apples')).toBeVisible();

  await chat.open();
  await chat.sendAndWait('Second [[title:text=Pears]]');
  await expect(device.chatLink('Pears')).toBeVisible();
  await device.chatLink('Pears').click();
  await expect(device.answer).toContainText('You said: Second');
  await chat.chatLink('Pears').focus();
  await chat.page.keyboard.press('F2');
  await chat.page.keyboard.type('Plums');
  await chat.page.keyboard.press('Enter');
  await expect(device.chatLink('Plums')).toBeVisible();
  await expect(device.page.getByRole('heading', { level: 1 })).toHaveText('Plums');
  await deleteChat(chat, 'Apples');
  await expect(device.chatLink('Apples')).toHaveCount(0);
});

test('a chat that was deleted in another tab says so, stays readable, and its draft moves to a new chat', async ({
  chat,
  openTab,
}) => {
  await chat.open();
  await chat.sendAndWait('Soon gone [[title:text=Leaves]]');
  const other = await openTab();
  await other.open(pathOf(chat));
  await other.messageBox.fill('Not sent yet');
  await deleteChat(chat, 'Leaves');
  await expect(chat.page).toHaveURL(/\/$/);
  await expect(chat.alert).toHaveCount(0);

  await expect(other.alert).toHaveText(/This chat was deleted/);
  await expect(other.answer).toContainText('You said: Soon gone');
  await expect(other.messageBox).toHaveCount(0);
  await expect(other.answer.getByRole('button', { name: 'Regenerate' })).toHaveCount(0);
  await other.alert.getByRole('button', { name: 'New chat' }).click();
  await expect(other.messageBox).toHaveValue('Not sent yet');
  await expect(other.userMessages).toHaveCount(0);
  await other.messageBox.press('Enter');
  await expect(other.answer).toContainText('You said: Not sent yet');
});

test('a page on another server process receives the same updates live', async ({
  startApp,
  openContext,
  model,
  monitor,
}) => {
  const database = await newDatabase();
  const apps = [
    await startApp({ POSTGRES_URL: database.url }),
    await startApp({ POSTGRES_URL: database.url }),
  ] as const;
  try {
    const chat = await openContext(apps[0].baseUrl);
    await chat.open();
    await chat.sendAndWait('The beginning [[title:text=Faraway]]');
    const other = await openContext(apps[1].baseUrl);
    await other.page.context().addCookies(await chat.page.context().cookies());
    const observed = await observeTokens(other.page);
    await other.open(pathOf(chat));
    await chat.sendMessage('Over there [[scenario:tokens n=100 rate=60 hold=30,60]]');
    await other.expectTokens(30);
    model.release();
    await other.expectTokens(60);
    model.release();
    await Promise.all([chat.expectFinishedWithTokens(100), other.expectFinishedWithTokens(100)]);
    expect(observed.invalidTexts).toEqual([]);
    await deleteChat(chat, 'Faraway');
    await expect(other.alert).toHaveText(/This chat was deleted/);
  } finally {
    monitor.stop();
    await Promise.all(apps.map((app) => app.stop()));
    await database.drop();
  }
});

test('a hidden page closes its connection and catches up when it is visible again', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  await chat.sendAndWait('The beginning');
  const other = await openTab();
  const connections = openConnections(other.page);
  await other.open(pathOf(chat));
  await expect.poll(() => connections.size).toBe(1);
  await setVisibility(other.page, 'hidden');
  await expect.poll(() => connections.size, { timeout: 15_000 }).toBe(0);

  await chat.sendAndWait('While you were away');
  await chat.sendMessage('And still [[scenario:tokens n=30 hold=10]]');
  await chat.waitForToken(9);
  await expect(other.userMessages).toHaveCount(1);
  await setVisibility(other.page, 'visible');
  await other.expectTokens(10);
  await expect(other.userMessages).toHaveCount(3);
  expect(connections.size).toBe(1);
  model.release();
  await other.expectFinishedWithTokens(30);
});

test('the page catches up after a network failure', async ({ chat, app, openTab, monitor }) => {
  monitor.allowErrors(/net::ERR_/);
  const proxy = await startProxy(app.port);
  await chat.open();
  await chat.sendAndWait('The beginning');
  const other = await openTab();
  await other.open(`${proxy.baseUrl}${pathOf(chat)}`);
  await expect(other.userMessages).toHaveCount(1);
  proxy.breakConnections();
  await chat.sendAndWait('Sent while offline');
  await expect(other.userMessages).toHaveCount(1);
  proxy.restore();
  await expect(other.userMessages).toHaveText([/The beginning/, /Sent while offline/]);
  await expect(other.answer).toContainText('You said: Sent while offline');
  await expect(other.alert).toHaveCount(0);
  await proxy.stop();
});

function recordRequests(page: Page, pathname: string): () => string[] {
  const methods: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === pathname) methods.push(request.method());
  });
  return () => methods;
}

/** The page's open connections for live events; the set is updated as they open and end. */
function openConnections(page: Page): Set<Request> {
  const open = new Set<Request>();
  page.on('request', (request) => request.url().endsWith('/api/events') && open.add(request));
  page.on('requestfailed', (request) => open.delete(request));
  page.on('requestfinished', (request) => open.delete(request));
  return open;
}

/** Simulates a change of the page's visibility: in headless Chromium every page is visible. */
async function setVisibility(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

async function deleteChat(chat: ChatPage, title: string): Promise<void> {
  await chat.chatLink(title).focus();
  await chat.page.keyboard.press('Delete');
  await expect(chat.chatLink(title)).toHaveCount(0);
}
