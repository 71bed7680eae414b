/** Each stream event and each tool, from the model to the page. */
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

/** The stream events of the chat's newest answer, as sent over the wire. */
async function fetchStreamEvents(chat: ChatPage): Promise<StreamEvent[]> {
  const { request } = chat.page;
  const response = await request.get(`/api/chat?chatId=${await chat.chatId()}&after=1`);
  return (await response.text())
    .split('\n')
    .filter((line) => line.startsWith('2:'))
    .flatMap((line) => ((parseLine(line)?.value ?? []) as unknown[]).map(parseStreamEvent))
    .filter((event) => event !== undefined);
}

/** Types of the document events. Consecutive deltas count once; `title-updated` is skipped. */
function documentEventTypes(events: StreamEvent[]): string[] {
  const types = events.map(({ type }) => type).filter((type) => type !== 'title-updated');
  return types.filter((type, index) => !type.endsWith('-delta') || types[index - 1] !== type);
}

const KINDS = [
  // Rendered Markdown until the text is editable.
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
    // Title and view are displayed with the first chunk.
    await expect(panel.root.getByRole('heading', { name: 'First title', level: 2 })).toBeVisible();
    await expect(view).toBeVisible();
    await expect(panel.root).toHaveAttribute('aria-busy', 'true');
    await expect(view).toContainText('alpha');
    await expect(view).not.toContainText('gamma');

    // After a reload in the middle and in another tab, the same document continues.
    await chat.reload();
    const other = await openTab();
    await other.open(`/chat/${await chat.chatId()}`);
    const panels = [panel, new DocumentPanel(other.page)];
    for (const { root } of panels) {
      await expect(findView(root)).toContainText('alpha');
      await expect(root).toHaveAttribute('aria-busy', 'true');
    }
    model.release();
    await chat.waitUntilFinished();
    for (const tabPanel of panels) {
      await expect(findView(tabPanel.root)).toContainText('gamma');
      await tabPanel.expectVersion(1, 1, 'the model');
      const displayed = (await findView(tabPanel.root).textContent()) ?? '';
      expect(displayed.match(/alpha|beta gamma/g)).toEqual(['alpha', 'beta gamma']);
    }
    const createEvents = await fetchStreamEvents(chat);
    const expectedTypes = ['kind', 'language', 'id', 'title', 'clear', delta, 'finish'];
    expect(documentEventTypes(createEvents)).toEqual(expectedTypes);
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
    const updateEvents = await fetchStreamEvents(chat);
    expect(updateEvents.find(({ type }) => type === 'id')).toEqual(
      createEvents.find(({ type }) => type === 'id'),
    );
    expect(updateEvents.find(({ type }) => type === 'clear')).toMatchObject({ baseVersion: 1 });
  });
}

test('a suggestion is displayed at its position in the text as soon as it arrives', async ({
  chat,
  page,
  model,
}) => {
  const panel = new DocumentPanel(page);
  const marks = panel.root.locator('.suggestion');
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
  const interrupted = scenario('document', {
    title: 'Cut',
    content,
    rate: 0,
    hold: 1,
    disconnect: 3,
  });
  await chat.sendMessage(`[[title:text=Named]] ${interrupted}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Named');
  model.release();
  await chat.waitUntilFinished();
  await expect(chat.chatLink('Named')).toBeVisible();
  const events = await fetchStreamEvents(chat);
  expect(events).toContainEqual({ type: 'title-updated', content: 'Named' });
  const error = events.find(({ type }) => type === 'error') as { content: string } | undefined;
  expect(error?.content).toMatch(/\w{3,}.*\.$/);
  await expect(
    panel.root.getByRole('status').filter({ hasText: 'This version is incomplete' }),
  ).toContainText(error?.content ?? '');
  await expect(documentCard(page, 'Cut')).toContainText('was cut off');
  expect(documentEventTypes(events).slice(-2)).toEqual(['error', 'finish']);
});

test('unknown events are ignored, and the answer continues', async ({ chat, page }) => {
  // As sent by a server that is newer than the page.
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

test('the model reads the edits of the user and changes only the requested part', async ({
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
  await expect(chat.answer).toContainText('version 2, written by the user');
  await expect(chat.answer).toContainText('mine,2');
  await chat.sendAndWait(scenario('update', { edits: [{ find: 'mine', replace: 'ours' }] }));
  await panel.expectVersion(3, 3, 'the model');
  await expect(panel.cell('ours')).toBeVisible();
  await expect(documentCard(page, 'Plan').last()).toContainText('Updated · version 3');
});

for (const [failure, line, name, reason] of [
  ['missing tool', 'tool name=paintPicture args={"a":1}', 'Paint picture', 'There is no tool'],
  ['unparseable arguments', 'malformed-tool-call kind=unreadable', 'Get weather', 'no JSON object'],
  ['invalid arguments', 'tool args={"town":"Oslo"}', 'Get weather', 'city: Required'],
] as const) {
  test(`an invalid tool call (${failure}) fails with a clear error, and the answer continues`, async ({
    chat,
    page,
  }) => {
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
    await expect(chat.answer).toContainText('The answer reached the limit of tool calls');
  }
  const answerRequests = model.requests.slice(before).filter(({ purpose }) => purpose === 'answer');
  expect(answerRequests).toHaveLength(5);
  await chat.answer.getByRole('button', { name: 'Continue' }).click();
  await expect(chat.answer).toContainText('The tool said:');
  await chat.waitUntilFinished();
  await expect(tools).toHaveCount(7);
  await expect(chat.answer).not.toContainText('limit of tool calls');
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
