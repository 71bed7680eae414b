import type { Page, Request } from '@playwright/test';
import { expect, newDatabase, test } from '@/tests/support/e2e';
import { type ChatPage, watchTokens } from '@/tests/support/e2e-chat';
import { startProxy } from '@/tests/support/e2e-proxy';

test.afterEach(({ model }) => model.setScenario(null));

const pathOf = ({ page }: ChatPage) => new URL(page.url()).pathname;

test('a question asked in one tab appears in the other, and its answer comes there live', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  await chat.askAndWait('The beginning');
  const other = await openTab();
  const seen = await watchTokens(other.page);
  await other.open(pathOf(chat));
  await other.field.fill('A draft of mine');

  const asked = requestsTo(chat.page, '/api/chat');
  await chat.field.fill('Do you see me? [[scenario:tokens n=120 rate=60 hold=40,80]]');
  await chat.sendButton.click();
  await other.holdsExactly(40);
  await expect(other.stopButton).toBeVisible();
  model.release();
  await other.holdsExactly(80);
  model.release();
  await Promise.all([chat.hasExactly(120), other.hasExactly(120)]);
  expect(seen.wrong).toEqual([]);
  await expect(other.questions).toHaveText([/The beginning/, /Do you see me/]);
  await expect(other.field).toHaveValue('A draft of mine');
  // The tab that asked has its answer already: it does not follow it a second time.
  expect(asked()).toEqual(['POST']);

  // And the other way round.
  await other.field.press('Enter');
  await expect(chat.answer).toContainText('You said: A draft of mine');
});

test('somebody who reads further up stays there, whatever is asked elsewhere', async ({
  chat,
  openTab,
  page,
}) => {
  await page.setViewportSize({ width: 900, height: 500 });
  await chat.open();
  await chat.askAndWait('Long [[scenario:prose n=300]]');
  const other = await openTab();
  await other.open(pathOf(chat));

  await chat.answer.hover();
  const scroller = page.locator('[data-scroller]');
  const end = await scroller.evaluate((box) => box.scrollTop);
  await page.mouse.wheel(0, -900);
  await expect.poll(() => scroller.evaluate((box) => box.scrollTop)).toBe(end - 900);
  await expect(page.getByRole('button', { name: 'Scroll to the end' })).toBeVisible();
  const before = end - 900;
  await other.askAndWait('Meanwhile [[scenario:tokens n=60 rate=60]]');
  await expect(chat.questions).toHaveText([/Long/, /Meanwhile/]);
  await chat.hasExactly(60);
  expect(Math.abs((await scroller.evaluate((box) => box.scrollTop)) - before)).toBeLessThan(5);
});

test('an answer made anew, stopped or gone on with in one tab is so in the other', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  model.setScenario('tokens n=40 hold=20');
  await chat.ask('Stop me');
  await chat.reaches(19);
  const other = await openTab();
  const seen = await watchTokens(other.page);
  await other.open(pathOf(chat));
  await other.holdsExactly(20);
  await chat.stopButton.click();
  await expect(other.answer).toContainText('Stopped');
  await other.finished();
  seen.restart();

  model.setScenario('tokens n=40 hold=30 delay=200');
  await chat.answer.getByRole('button', { name: 'Continue' }).click();
  await other.holdsExactly(30);
  model.release();
  await Promise.all([chat.hasExactly(40), other.hasExactly(40)]);
  await expect(other.answer).not.toContainText('Stopped');
  expect(seen.wrong).toEqual([]);
  expect(seen.counts).toEqual([...seen.counts].sort((a, b) => a - b));

  model.setScenario(null);
  await other.ask('Fail once [[scenario:status code=500 times=1 n=7]]');
  await expect(chat.alert).toContainText('model endpoint failed');
  await other.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.hasExactly(7);
  await expect(chat.alert).toHaveCount(0);
  await expect(chat.answers).toHaveCount(2);
});

test('two tabs that send at once: one text is answered in both, the other stays in its box', async ({
  chat,
  openTab,
  model,
  watch,
}) => {
  watch.expect(/status of 409/);
  await chat.open();
  await chat.askAndWait('The beginning');
  const other = await openTab();
  await other.open(pathOf(chat));
  const texts = ['From the left', 'From the right'];
  for (const [index, tab] of [chat, other].entries()) {
    await tab.field.fill(`${texts[index]} [[scenario:tokens n=30 hold=10]]`);
  }
  await Promise.all([chat.field.press('Enter'), other.field.press('Enter')]);
  await Promise.all([chat.holdsExactly(10), other.holdsExactly(10)]);
  const left = (await chat.questions.last().textContent())?.includes('left') ?? false;
  const [loser, lost] = left ? [other, texts[1]] : [chat, texts[0]];
  await expect(loser.field).toHaveValue(new RegExp(lost as string));
  await expect(loser.questions).toHaveText([/The beginning/, left ? /left/ : /right/]);
  model.release();
  await Promise.all([chat.hasExactly(30), other.hasExactly(30)]);
  await loser.field.press('Enter');
  for (const tab of [chat, other]) await expect(tab.answers).toHaveCount(3);
  await Promise.all([chat.holdsExactly(10), other.holdsExactly(10)]);
  model.release();
  await Promise.all([chat.hasExactly(30), other.hasExactly(30)]);
  for (const tab of [chat, other]) await expect(tab.questions).toHaveCount(3);
});

test('the other device shows new chats, names and deletions by itself', async ({
  chat,
  openBrowser,
  context,
}) => {
  await chat.open();
  await chat.askAndWait('First [[title:text=Apples]]');
  const device = await openBrowser();
  await device.page.context().addCookies(await context.cookies());
  await device.open();
  await expect(device.link('Apples')).toBeVisible();

  await chat.open();
  await chat.askAndWait('Second [[title:text=Pears]]');
  await expect(device.link('Pears')).toBeVisible();
  await device.link('Pears').click();
  await expect(device.answer).toContainText('You said: Second');
  await chat.link('Pears').focus();
  await chat.page.keyboard.press('F2');
  await chat.page.keyboard.type('Plums');
  await chat.page.keyboard.press('Enter');
  await expect(device.link('Plums')).toBeVisible();
  await expect(device.page.getByRole('heading', { level: 1 })).toHaveText('Plums');
  await remove(chat, 'Apples');
  await expect(device.link('Apples')).toHaveCount(0);
});

test('a chat that is deleted elsewhere says so, can be read on, and its draft goes into a new one', async ({
  chat,
  openTab,
}) => {
  await chat.open();
  await chat.askAndWait('Soon gone [[title:text=Leaves]]');
  const other = await openTab();
  await other.open(pathOf(chat));
  await other.field.fill('Not sent yet');
  await remove(chat, 'Leaves');
  await expect(chat.page).toHaveURL(/\/$/);
  await expect(chat.alert).toHaveCount(0);

  await expect(other.alert).toHaveText(/This chat was deleted, in another tab/);
  await expect(other.answer).toContainText('You said: Soon gone');
  await expect(other.field).toHaveCount(0);
  await expect(other.answer.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await other.alert.getByRole('button', { name: 'New chat' }).click();
  await expect(other.field).toHaveValue('Not sent yet');
  await expect(other.questions).toHaveCount(0);
  await other.field.press('Enter');
  await expect(other.answer).toContainText('You said: Not sent yet');
});

test('a page at another server process sees the same, live', async ({
  launch,
  openBrowser,
  model,
}) => {
  const database = await newDatabase();
  const apps = [
    await launch({ POSTGRES_URL: database.url }),
    await launch({ POSTGRES_URL: database.url }),
  ] as const;
  try {
    const chat = await openBrowser(apps[0].baseUrl);
    await chat.open();
    await chat.askAndWait('The beginning [[title:text=Faraway]]');
    const other = await openBrowser(apps[1].baseUrl);
    await other.page.context().addCookies(await chat.page.context().cookies());
    const seen = await watchTokens(other.page);
    await other.open(pathOf(chat));
    await chat.ask('Over there [[scenario:tokens n=100 rate=60 hold=30,60]]');
    await other.holdsExactly(30);
    model.release();
    await other.holdsExactly(60);
    model.release();
    await Promise.all([chat.hasExactly(100), other.hasExactly(100)]);
    expect(seen.wrong).toEqual([]);
    await remove(chat, 'Faraway');
    await expect(other.alert).toHaveText(/This chat was deleted/);
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
    await database.drop();
  }
});

test('a hidden page gives its connection back; seen again, it has what happened meanwhile', async ({
  chat,
  openTab,
  model,
}) => {
  await chat.open();
  await chat.askAndWait('The beginning');
  const other = await openTab();
  const connections = openConnections(other.page);
  await other.open(pathOf(chat));
  await expect.poll(() => connections.size).toBe(1);
  await look(other.page, 'hidden');
  await expect.poll(() => connections.size, { timeout: 15_000 }).toBe(0);

  await chat.askAndWait('While you were away');
  await chat.ask('And still [[scenario:tokens n=30 hold=10]]');
  await chat.reaches(9);
  await expect(other.questions).toHaveCount(1);
  await look(other.page, 'visible');
  await other.holdsExactly(10);
  await expect(other.questions).toHaveCount(3);
  expect(connections.size).toBe(1);
  model.release();
  await other.hasExactly(30);
});

test('after a cut of the network the page has what happened meanwhile', async ({
  chat,
  app,
  openTab,
  watch,
}) => {
  watch.expect(/net::ERR_/);
  const proxy = await startProxy(app.port);
  await chat.open();
  await chat.askAndWait('The beginning');
  const other = await openTab();
  await other.open(`${proxy.baseUrl}${pathOf(chat)}`);
  await expect(other.questions).toHaveCount(1);
  proxy.cut();
  await chat.askAndWait('While you were cut off');
  await expect(other.questions).toHaveCount(1);
  proxy.mend();
  await expect(other.questions).toHaveText([/The beginning/, /While you were cut off/]);
  await expect(other.answer).toContainText('You said: While you were cut off');
  await expect(other.alert).toHaveCount(0);
  await proxy.stop();
});

function requestsTo(page: Page, pathname: string): () => string[] {
  const methods: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === pathname) methods.push(request.method());
  });
  return () => methods;
}

/** The live connections of a page that are open, at any time. */
function openConnections(page: Page): Set<Request> {
  const open = new Set<Request>();
  page.on('request', (request) => request.url().endsWith('/api/events') && open.add(request));
  page.on('requestfailed', (request) => open.delete(request));
  page.on('requestfinished', (request) => open.delete(request));
  return open;
}

/** Tells the page that it is hidden, or seen again. Chromium without a window always sees all. */
async function look(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((now) => {
    Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

async function remove(chat: ChatPage, title: string): Promise<void> {
  await chat.link(title).focus();
  await chat.page.keyboard.press('Delete');
  await chat.page.getByRole('button', { name: 'Delete', exact: true }).click();
}
