/** Each event of the stream and each tool, from the model to what the person sees. */
import type { Locator, Page } from '@playwright/test';
import { parseLine } from '@/lib/protocol/lines';
import { deltaType, parseStreamEvent, type StreamEvent } from '@/lib/protocol/stream-events';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { DocumentPanel, documentCard } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

const TEXT = { title: 'Plan', content: 'Here is teh first.\n\nAnd the second.', rate: 0 };
const SUGGESTIONS = [
  { original: 'teh first', suggested: 'the first', description: 'A slip.' },
  { original: 'the second', suggested: 'the last', description: 'Plainer.' },
];

/** The events of the chat's newest answer as they went over the wire. */
async function fetchStreamEvents(chat: ChatPage): Promise<StreamEvent[]> {
  const { request } = chat.page;
  const response = await request.get(`/api/chat?chatId=${await chat.chatId()}&after=1`);
  return (await response.text())
    .split('\n')
    .filter((line) => line.startsWith('2:'))
    .flatMap((line) => ((parseLine(line)?.value ?? []) as unknown[]).map(parseStreamEvent))
    .filter((event) => event !== undefined);
}

/** Those of documents, pieces in a row as one: the chat's title may come in between. */
function documentEventTypes(events: StreamEvent[]): string[] {
  const types = events.map(({ type }) => type).filter((type) => type !== 'title-updated');
  return types.filter((type, index) => !type.endsWith('-delta') || types[index - 1] !== type);
}

const KINDS = [
  // Laid out, until it can be edited.
  ['text', (panel: Locator) => panel],
  ['code', (panel: Locator) => panel.getByRole('textbox', { name: /^Code/ })],
  ['sheet', (panel: Locator) => panel.getByRole('grid')],
] as const;

for (const [kind, findView] of KINDS) {
  const delta = deltaType(kind);
  test(`the stream has kind, language, id, title, clear, ${delta} and finish events for a ${kind}`, async ({
    chat,
    page,
    openTab,
    model,
  }) => {
    const panel = new DocumentPanel(page);
    const view = findView(panel.root);
    await chat.open();
    const content = 'name,value\nalpha,beta gamma';
    const first = { title: 'First title', kind, language: 'python', content };
    await chat.sendMessage(scenario('document', { ...first, rate: 0, hold: 2 }));
    // What they announce is there with the first piece.
    await expect(panel.root.getByRole('heading', { name: 'First title', level: 2 })).toBeVisible();
    await expect(view).toBeVisible();
    await expect(panel.root).toHaveAttribute('aria-busy', 'true');
    await expect(view).toContainText('alpha');
    await expect(view).not.toContainText('gamma');

    // A reload in the middle and another tab see the same, and go on with it.
    await chat.reload();
    const other = await openTab();
    await other.open(`/chat/${await chat.chatId()}`);
    const panels = [panel, new DocumentPanel(other.page)];
    for (const one of panels) {
      await expect(findView(one.root)).toContainText('alpha');
      await expect(one.root).toHaveAttribute('aria-busy', 'true');
    }
    model.release();
    await chat.waitUntilFinished();
    for (const one of panels) {
      await expect(findView(one.root)).toContainText('gamma');
      await one.expectVersion(1, 1, 'the model');
      const displayed = (await findView(one.root).textContent()) ?? '';
      expect(displayed.match(/alpha|beta gamma/g)).toEqual(['alpha', 'beta gamma']);
    }
    const createEvents = await fetchStreamEvents(chat);
    const wanted = ['kind', 'language', 'id', 'title', 'clear', delta, 'finish'];
    expect(documentEventTypes(createEvents)).toEqual(wanted);
    expect(createEvents).toContainEqual({ type: 'kind', content: kind });
    expect(createEvents).toContainEqual({ type: 'language', content: 'python' });
    expect(createEvents).toContainEqual({ type: 'title', content: 'First title' });
    expect(createEvents).toContainEqual({ type: 'finish', content: '1' });

    const rewrite = { instructions: 'Anew.', kind, content: 'name,value\ndelta,epsilon zeta' };
    await chat.sendMessage(scenario('update', { ...rewrite, rate: 0, hold: 2 }));
    await expect(view).toContainText('delta');
    await expect(view).not.toContainText('alpha');
    await expect(panel.root).toHaveAttribute('aria-busy', 'true');
    model.release();
    await chat.waitUntilFinished();
    await expect(view).toContainText('zeta');
    await panel.expectVersion(2, 2, 'the model');
    const changed = await fetchStreamEvents(chat);
    expect(changed.find(({ type }) => type === 'id')).toEqual(
      createEvents.find(({ type }) => type === 'id'),
    );
    expect(changed.find(({ type }) => type === 'clear')).toMatchObject({ baseVersion: 1 });
  });
}

test('a suggestion is displayed at its place in the text as soon as it arrives', async ({
  chat,
  page,
  model,
}) => {
  const panel = new DocumentPanel(page);
  const marks = panel.root.locator('.suggested');
  await chat.open();
  await chat.sendAndWait(scenario('document', TEXT));
  await chat.sendMessage(scenario('suggest', { suggestions: SUGGESTIONS, rate: 0, hold: 1 }));
  await expect(marks).toHaveText(['teh first']);
  await expect(documentCard(page, 'Document')).toContainText('Reading it for suggestions…');
  model.release();
  await chat.waitUntilFinished();
  await expect(marks).toHaveText(['teh first', 'the second']);
  await expect(documentCard(page, 'Plan').last()).toContainText('2 suggestions');
  const events = await fetchStreamEvents(chat);
  expect(documentEventTypes(events)).toEqual(['suggestion', 'suggestion']);
  expect(events[0]).toMatchObject({ content: { originalText: 'teh first' } });
});

test('title-updated renames the chat, and error shows why a document was interrupted', async ({
  chat,
  page,
  model,
}) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat');
  const content = 'one two three four';
  const interrupted = scenario('document', { title: 'Cut', content, rate: 0, hold: 1, die: 3 });
  await chat.sendMessage(`[[title:text=Named]] ${interrupted}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Named');
  model.release();
  await chat.waitUntilFinished();
  await expect(chat.chatLink('Named')).toBeVisible();
  const events = await fetchStreamEvents(chat);
  expect(events).toContainEqual({ type: 'title-updated', content: 'Named' });
  const error = events.find(({ type }) => type === 'error') as { content: string } | undefined;
  expect(error?.content).toMatch(/\w{3,}.*\.$/);
  await expect(panel.root.getByRole('status').filter({ hasText: 'cut short' })).toContainText(
    error?.content ?? '',
  );
  await expect(documentCard(page, 'Cut')).toContainText('was cut off');
  expect(documentEventTypes(events).slice(-2)).toEqual(['error', 'finish']);
});

test('unknown events are ignored, and the answer continues', async ({ chat, page }) => {
  // As from a server that is newer than the page.
  await page.route('**/api/chat', async (route) => {
    const response = await route.fetch();
    const unknown = [
      { type: 'hologram-delta', content: 'x' },
      { type: 'kind', content: 'film' },
      { type: 'suggestion', content: 7 },
      null,
      'text',
    ];
    const [first, ...rest] = (await response.text()).split('\n');
    const body = [first, `2:${JSON.stringify(unknown)}`, ...rest].join('\n');
    await route.fulfill({ response, body });
  });
  await chat.open();
  await chat.sendAndWait(scenario('document', { ...TEXT, after: 'All is well.' }));
  await expect(chat.answer).toContainText('All is well.');
  await new DocumentPanel(page).expectVersion(1, 1, 'the model');
});

test('the model reads the edits of the user and changes only what it was asked to', async ({
  chat,
  page,
}) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.sendAndWait(scenario('document', { ...TEXT, kind: 'sheet', content: 'a,b\n1,2' }));
  await panel.editCell('1', 'mine');
  await expect(panel.saveStatus).toHaveText('Saved');
  await chat.sendAndWait(scenario('read'));
  await expectToolState(page, 'Read document', 'Done');
  await expect(chat.answer).toContainText('version 2, written by the person');
  await expect(chat.answer).toContainText('mine,2');
  await chat.sendAndWait(scenario('update', { edits: [{ find: 'mine', replace: 'ours' }] }));
  await panel.expectVersion(3, 3, 'the model');
  await expect(panel.cell('ours')).toBeVisible();
  await expect(documentCard(page, 'Plan').last()).toContainText('Updated · version 3');
});

for (const [failure, line, name, reason] of [
  ['there is not', 'tool name=paintPicture args={"a":1}', 'Paint picture', 'There is no tool'],
  ['nobody can read', 'odd-tool kind=unreadable', 'Get weather', 'no JSON object'],
  ['does not fit', 'tool args={"town":"Oslo"}', 'Get weather', 'city: Required'],
] as const) {
  test(`a call that ${failure} fails in words, and the answer goes on`, async ({ chat, page }) => {
    await chat.open();
    await chat.sendAndWait(`[[scenario:${line}]]`);
    for (const reloaded of [false, true]) {
      if (reloaded) await chat.reload();
      const tool = await expectToolState(page, name, 'Failed');
      await expect(tool).toContainText(reason);
      await expect(chat.answer).toContainText('The tool said:');
      await expect(chat.alert).toHaveCount(0);
    }
  });
}

test('an answer ends after five rounds of tool calls, says so, and can be continued', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  const before = model.requests.length;
  await chat.sendAndWait('[[scenario:tool name=paintPicture args={"a":1} times=7]]');
  const tools = page.getByRole('log').getByRole('region', { name: 'Tool: Paint picture' });
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    await expect(tools).toHaveCount(5);
    await expect(chat.answer).toContainText('has used tools as often as it may in one answer');
  }
  const answerRequests = model.requests.slice(before).filter(({ purpose }) => purpose === 'answer');
  expect(answerRequests).toHaveLength(5);
  await chat.answer.getByRole('button', { name: 'Continue' }).click();
  await expect(chat.answer).toContainText('The tool said:');
  await chat.waitUntilFinished();
  await expect(tools).toHaveCount(7);
  await expect(chat.answer).not.toContainText('as often as it may');
});

test('a document of an unknown kind is rejected with a clear error', async ({ chat, page }) => {
  await chat.open();
  const args = { title: 'A', kind: 'film' };
  await chat.sendAndWait(scenario('calls', { calls: [{ name: 'createDocument', args }] }));
  await expect(await expectToolState(page, 'Create document', 'Failed')).toContainText('kind: ');
  await expect(new DocumentPanel(page).root).toHaveCount(0);
});

async function expectToolState(
  page: Page,
  name: string,
  state: 'Done' | 'Failed',
): Promise<Locator> {
  const tool = page.getByRole('log').getByRole('region', { name: `Tool: ${name}` });
  await expect(tool).toContainText(state);
  return tool;
}
