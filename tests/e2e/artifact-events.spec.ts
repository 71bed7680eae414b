/** Each event of the stream and each tool, from the model to what the person sees. */
import type { Locator, Page } from '@playwright/test';
import { deltaOf, parseStreamEvent, type StreamEvent } from '@/lib/protocol/events';
import { parseLine } from '@/lib/protocol/lines';
import { expect, test } from '@/tests/support/e2e';
import type { ChatPage } from '@/tests/support/e2e-chat';
import { cardOf, DocumentPanel } from '@/tests/support/e2e-panel';
import { scenario } from '@/tests/support/model-server/scenario-line';

const TEXT = { title: 'Plan', content: 'Here is teh first.\n\nAnd the second.', rate: 0 };
const SUGGESTIONS = [
  { original: 'teh first', suggested: 'the first', description: 'A slip.' },
  { original: 'the second', suggested: 'the last', description: 'Plainer.' },
];

/** The events of the chat's newest answer as they went over the wire. */
async function onTheWire(chat: ChatPage): Promise<StreamEvent[]> {
  const { request } = chat.page;
  const response = await request.get(`/api/chat?chatId=${await chat.chatId()}&after=1`);
  return (await response.text())
    .split('\n')
    .filter((line) => line.startsWith('2:'))
    .flatMap((line) => ((parseLine(line)?.value ?? []) as unknown[]).map(parseStreamEvent))
    .filter((event) => event !== undefined);
}

/** Those of documents, pieces in a row as one: the chat's title may come in between. */
function typesOf(events: StreamEvent[]): string[] {
  const types = events.map(({ type }) => type).filter((type) => type !== 'title-updated');
  return types.filter((type, index) => !type.endsWith('-delta') || types[index - 1] !== type);
}

const KINDS = [
  // Laid out, until it can be edited.
  ['text', (panel: Locator) => panel],
  ['code', (panel: Locator) => panel.getByRole('textbox', { name: /^Code/ })],
  ['sheet', (panel: Locator) => panel.getByRole('grid')],
] as const;

for (const [kind, viewIn] of KINDS) {
  const delta = deltaOf(kind);
  test(`kind, language, id, title, clear, ${delta} and finish are seen in a ${kind}`, async ({
    chat,
    page,
    openTab,
    model,
  }) => {
    const panel = new DocumentPanel(page);
    const view = viewIn(panel.root);
    await chat.open();
    const content = 'name,value\nalpha,beta gamma';
    const first = { title: 'First title', kind, language: 'python', content };
    await chat.ask(scenario('document', { ...first, rate: 0, hold: 2 }));
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
      await expect(viewIn(one.root)).toContainText('alpha');
      await expect(one.root).toHaveAttribute('aria-busy', 'true');
    }
    model.release();
    await chat.finished();
    for (const one of panels) {
      await expect(viewIn(one.root)).toContainText('gamma');
      await one.isAt(1, 1, 'the model');
      const shown = (await viewIn(one.root).textContent()) ?? '';
      expect(shown.match(/alpha|beta gamma/g)).toEqual(['alpha', 'beta gamma']);
    }
    const made = await onTheWire(chat);
    const wanted = ['kind', 'language', 'id', 'title', 'clear', delta, 'finish'];
    expect(typesOf(made)).toEqual(wanted);
    expect(made).toContainEqual({ type: 'kind', content: kind });
    expect(made).toContainEqual({ type: 'language', content: 'python' });
    expect(made).toContainEqual({ type: 'title', content: 'First title' });
    expect(made).toContainEqual({ type: 'finish', content: '1' });

    const anew = { instructions: 'Anew.', kind, content: 'name,value\ndelta,epsilon zeta' };
    await chat.ask(scenario('update', { ...anew, rate: 0, hold: 2 }));
    await expect(view).toContainText('delta');
    await expect(view).not.toContainText('alpha');
    await expect(panel.root).toHaveAttribute('aria-busy', 'true');
    model.release();
    await chat.finished();
    await expect(view).toContainText('zeta');
    await panel.isAt(2, 2, 'the model');
    const changed = await onTheWire(chat);
    expect(changed.find(({ type }) => type === 'id')).toEqual(
      made.find(({ type }) => type === 'id'),
    );
    expect(changed.find(({ type }) => type === 'clear')).toMatchObject({ baseVersion: 1 });
  });
}

test('a suggestion is at its place in the text as soon as it is made', async ({
  chat,
  page,
  model,
}) => {
  const panel = new DocumentPanel(page);
  const marks = panel.root.locator('.suggested');
  await chat.open();
  await chat.askAndWait(scenario('document', TEXT));
  await chat.ask(scenario('suggest', { suggestions: SUGGESTIONS, rate: 0, hold: 1 }));
  await expect(marks).toHaveText(['teh first']);
  await expect(cardOf(page, 'Document')).toContainText('Reading it for suggestions…');
  model.release();
  await chat.finished();
  await expect(marks).toHaveText(['teh first', 'the second']);
  await expect(cardOf(page, 'Plan').last()).toContainText('2 suggestions');
  const events = await onTheWire(chat);
  expect(typesOf(events)).toEqual(['suggestion', 'suggestion']);
  expect(events[0]).toMatchObject({ content: { originalText: 'teh first' } });
});

test('title-updated names the chat, and error says why a document broke off', async ({
  chat,
  page,
  model,
}) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat');
  const content = 'one two three four';
  const cut = scenario('document', { title: 'Cut', content, rate: 0, hold: 1, die: 3 });
  await chat.ask(`[[title:text=Named]] ${cut}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Named');
  model.release();
  await chat.finished();
  await expect(chat.link('Named')).toBeVisible();
  const events = await onTheWire(chat);
  expect(events).toContainEqual({ type: 'title-updated', content: 'Named' });
  const error = events.find(({ type }) => type === 'error') as { content: string } | undefined;
  expect(error?.content).toMatch(/\w{3,}.*\.$/);
  await expect(panel.root.getByRole('status').filter({ hasText: 'cut short' })).toContainText(
    error?.content ?? '',
  );
  await expect(cardOf(page, 'Cut')).toContainText('was cut off');
  expect(typesOf(events).slice(-2)).toEqual(['error', 'finish']);
});

test('what is not known is passed over, and the answer goes on', async ({ chat, page }) => {
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
  await chat.askAndWait(scenario('document', { ...TEXT, after: 'All is well.' }));
  await expect(chat.answer).toContainText('All is well.');
  await new DocumentPanel(page).isAt(1, 1, 'the model');
});

test('the model reads what the person has made of a document, and changes just that', async ({
  chat,
  page,
}) => {
  const panel = new DocumentPanel(page);
  await chat.open();
  await chat.askAndWait(scenario('document', { ...TEXT, kind: 'sheet', content: 'a,b\n1,2' }));
  await panel.change('1', 'mine');
  await expect(panel.saving).toHaveText('Saved');
  await chat.askAndWait(scenario('read'));
  await toolShows(page, 'Read document', 'Done');
  await expect(chat.answer).toContainText('version 2, written by the person');
  await expect(chat.answer).toContainText('mine,2');
  await chat.askAndWait(scenario('update', { edits: [{ find: 'mine', replace: 'ours' }] }));
  await panel.isAt(3, 3, 'the model');
  await expect(panel.cell('ours')).toBeVisible();
  await expect(cardOf(page, 'Plan').last()).toContainText('Updated · version 3');
});

for (const [what, line, name, reason] of [
  ['there is not', 'tool name=paintPicture args={"a":1}', 'Paint picture', 'There is no tool'],
  ['nobody can read', 'odd-tool kind=unreadable', 'Get weather', 'no JSON object'],
  ['does not fit', 'tool args={"town":"Oslo"}', 'Get weather', 'city: Required'],
] as const) {
  test(`a call that ${what} fails in words, and the answer goes on`, async ({ chat, page }) => {
    await chat.open();
    await chat.askAndWait(`[[scenario:${line}]]`);
    for (const reloaded of [false, true]) {
      if (reloaded) await chat.reload();
      const tool = await toolShows(page, name, 'Failed');
      await expect(tool).toContainText(reason);
      await expect(chat.answer).toContainText('The tool said:');
      await expect(chat.alert).toHaveCount(0);
    }
  });
}

test('a model that goes on calling tools ends after five rounds; that is said, and it can go on', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  const before = model.requests.length;
  await chat.askAndWait('[[scenario:tool name=paintPicture args={"a":1} times=7]]');
  const tools = page.getByRole('log').getByRole('region', { name: 'Tool: Paint picture' });
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    await expect(tools).toHaveCount(5);
    await expect(chat.answer).toContainText('has used tools as often as it may in one answer');
  }
  const asked = model.requests.slice(before).filter(({ purpose }) => purpose === 'answer');
  expect(asked).toHaveLength(5);
  await chat.answer.getByRole('button', { name: 'Continue' }).click();
  await expect(chat.answer).toContainText('The tool said:');
  await chat.finished();
  await expect(tools).toHaveCount(7);
  await expect(chat.answer).not.toContainText('as often as it may');
});

test('a document of another kind than there are is refused in words', async ({ chat, page }) => {
  await chat.open();
  const args = { title: 'A', kind: 'film' };
  await chat.askAndWait(scenario('calls', { calls: [{ name: 'createDocument', args }] }));
  await expect(await toolShows(page, 'Create document', 'Failed')).toContainText('kind: ');
  await expect(new DocumentPanel(page).root).toHaveCount(0);
});

async function toolShows(page: Page, name: string, state: 'Done' | 'Failed'): Promise<Locator> {
  const tool = page.getByRole('log').getByRole('region', { name: `Tool: ${name}` });
  await expect(tool).toContainText(state);
  return tool;
}
