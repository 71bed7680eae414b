import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ARTIFACT_KINDS } from '@/lib/protocol/artifact-kinds';
import { deltaType } from '@/lib/protocol/stream-events';
import { type AnswerStream, TestUser } from '@/tests/support/test-user';
import { DocumentChat, saveBody } from './document-chat';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();

const newDocumentChat = () => new DocumentChat(installation.user);

/** The types of the document events of a run; consecutive deltas count once. */
function documentEventTypes(answer: AnswerStream): string[] {
  const types = answer.events.map(({ type }) => type).filter((type) => type !== 'title-updated');
  return types.filter((type, index) => !type.endsWith('-delta') || types[index - 1] !== type);
}

function wordsIn({ content }: { content?: unknown }): string[] {
  return typeof content === 'string' ? content.split(/\s+/).filter(Boolean) : [];
}

describe('createDocument', () => {
  it.each(ARTIFACT_KINDS)('streams a %s and sends its events in order', async (kind) => {
    const documentChat = newDocumentChat();
    const content = kind === 'sheet' ? 'name,moons\nEarth,1\n' : 'Grüße 世界 👩‍🚀 "x"\n\nthe end';
    const answer = await documentChat.runScenario('document', {
      title: 'Äpfel 世界',
      kind,
      content,
    });
    expect(documentEventTypes(answer)).toEqual([
      'kind',
      'language',
      'id',
      'title',
      'clear',
      deltaType(kind),
      'finish',
    ]);
    const [document] = answer.documents;
    expect(document).toMatchObject({ kind, title: 'Äpfel 世界', content, complete: true });
    expect(answer.events.at(-1)).toEqual({ type: 'finish', content: '1' });
    const { id } = document ?? { id: '' };
    expect(answer.toolResults).toEqual([
      { id, title: 'Äpfel 世界', kind, version: 1, content: expect.stringContaining('written') },
    ]);
    expect(await documentChat.read(id)).toMatchObject({ content, version: 1, complete: true });
    expect(await documentChat.list()).toMatchObject([{ id, kind, version: 1 }]);
    expect(answer.runEnded?.status).toBe('complete');
  });

  it('stores the language of a program and removes its code fence', async () => {
    const documentChat = newDocumentChat();
    const content = '```python\nprint("hi")\n```';
    const id = await documentChat.createDocument({ kind: 'code', language: 'python', content });
    expect(await documentChat.read(id)).toMatchObject({
      language: 'python',
      content: 'print("hi")\n',
    });
    expect(await documentChat.list()).toMatchObject([{ language: 'python' }]);
  });

  it('counts the tokens of the document in the usage of the answer', async () => {
    const documentChat = newDocumentChat();
    const before = installation.model.requests.length;
    const answer = await documentChat.runScenario('document', { n: 400, rate: 0 });
    const modelRequests = installation.model.requests
      .slice(before)
      .filter(({ purpose }) => purpose !== 'title');
    expect(modelRequests.map(({ purpose }) => purpose)).toEqual(['answer', 'document', 'answer']);
    // The scripted model counts words as tokens.
    const promptWords = modelRequests.flatMap(({ body }) => body.messages.flatMap(wordsIn)).length;
    const { usage } = answer.runEnded ?? {};
    expect(usage?.promptTokens).toBe(promptWords);
    expect(usage?.completionTokens).toBeGreaterThan(400);
    const { messages } = await documentChat.user.getChat(documentChat.chatId);
    expect(messages.at(-1)?.annotations[0]?.usage).toEqual(usage);
  });

  it('sends the conversation to the model that writes the document', async () => {
    const documentChat = newDocumentChat();
    await documentChat.createDocument({ title: 'First', content: 'About rivers.' });
    await documentChat.createDocument({ title: 'Second' });
    const modelRequests = installation.model.requests.findLast(
      ({ purpose }) => purpose === 'document',
    );
    const prompt = JSON.stringify(modelRequests?.body.messages);
    expect(prompt).toContain('User: [[scenario:document');
    expect(prompt).toContain('Write this now, in full: “Second”');
    expect(modelRequests?.body.tools).toBeUndefined();
  });

  it.each([
    ['an unknown kind', { title: 'A', kind: 'film' }, /kind: Invalid enum value/],
    ['no title', { title: ' ', kind: 'text' }, /title: /],
    ['a title over the limit', { title: 'x'.repeat(201), kind: 'text' }, /title: /],
  ])('with %s is rejected, and the answer continues', async (_, args, reason) => {
    const documentChat = newDocumentChat();
    const answer = await documentChat.runScenario('calls', {
      calls: [{ name: 'createDocument', args }],
    });
    expect(answer.toolResults).toEqual([{ error: expect.stringMatching(reason) }]);
    expect(answer.runEnded?.status).toBe('complete');
    expect(answer.text).toContain('The tool said');
    expect(await documentChat.list()).toEqual([]);
  });

  it('stores the partial text and reports it if the document stream is interrupted, and the answer continues', async () => {
    const documentChat = newDocumentChat();
    const answer = await documentChat.runScenario('document', { n: 50, rate: 0, disconnect: 20 });
    expect(documentEventTypes(answer).slice(-3)).toEqual(['text-delta', 'error', 'finish']);
    const { id, content } = answer.documents[0] ?? { id: '', content: '' };
    expect(content).toContain('d10 ');
    expect(await documentChat.read(id)).toMatchObject({ content, version: 1, complete: false });
    expect(answer.toolResults).toMatchObject([
      { id, version: 1, error: expect.stringMatching(/was cut off/) },
    ]);
    expect(answer.runEnded?.status).toBe('complete');
  });

  it('stores nothing if the document is empty', async () => {
    const documentChat = newDocumentChat();
    const answer = await documentChat.runScenario('document', { content: '' });
    expect(documentEventTypes(answer)).toEqual([]);
    expect(answer.toolResults).toEqual([{ error: expect.stringContaining('Nothing was written') }]);
    expect(await documentChat.list()).toEqual([]);
  });

  it('ends a document at 1 MB and stores the text up to that limit', async () => {
    const documentChat = newDocumentChat();
    const answer = await documentChat.runScenario('document', {
      lines: 60_000,
      rate: 0,
      burst: 50,
    });
    const { id, content } = answer.documents[0] ?? { id: '', content: '' };
    expect(answer.toolResults).toMatchObject([{ error: expect.stringContaining('1 MB') }]);
    expect(content.length).toBeGreaterThan(900_000);
    expect(await documentChat.read(id)).toMatchObject({ content, complete: false });
    expect(answer.runEnded?.status).toBe('complete');
  });

  it('called twice concurrently writes one document after the other', async () => {
    const documentChat = newDocumentChat();
    const calls = ['One', 'Two'].map((title) => ({
      name: 'createDocument',
      args: { title, kind: 'text' },
    }));
    const answer = await documentChat.runScenario('calls', { calls, n: 10, rate: 200 });
    const each = ['kind', 'language', 'id', 'title', 'clear', 'text-delta', 'finish'];
    expect(documentEventTypes(answer)).toEqual([...each, ...each]);
    expect(answer.documents.map(({ title }) => title)).toEqual(['One', 'Two']);
    expect((await documentChat.list()).map(({ title }) => title)).toEqual(['One', 'Two']);
  });
});

describe('readDocument', () => {
  it('returns the current text to the model and leaves it out of the message', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ title: 'Plan' });
    await documentChat.save(id, saveBody('the user’s own words', 1));
    const answer = await documentChat.runScenario('read', { after: 'Seen.' });
    expect(answer.toolResults).toMatchObject([{ id, title: 'Plan', kind: 'text', version: 2 }]);
    expect(answer.lines.join('\n')).not.toContain('own words');
    const last = installation.model.requests.findLast(({ purpose }) => purpose === 'answer')?.body
      .messages;
    expect(JSON.stringify(last?.at(-1))).toContain('version 2, written by the user');
    expect(JSON.stringify(last?.at(-1))).toContain('own words');
    // Later prompts say that the document was read, without its content.
    await documentChat.runScenario('tokens', { n: 1 });
    const laterRequest = installation.model.requests.findLast(
      ({ purpose }) => purpose === 'answer',
    );
    const later = JSON.stringify(laterRequest?.body.messages);
    expect(later).toContain('read it again');
    expect(later).not.toContain('own words');
  });

  it('returns a long text in parts', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ content: `${'x'.repeat(60_000)}END OF IT` });
    const read = async (offset: number) => {
      const calls = [{ name: 'readDocument', args: { id, offset } }];
      const answer = await documentChat.runScenario('calls', { calls });
      return { answer, text: answer.text };
    };
    expect((await read(0)).text).toContain(
      'Characters 0 to 60000 of 60009 follow. Continue with offset 60000',
    );
    const { text: toolText } = await read(60_000);
    expect(toolText).toContain('END OF IT');
    expect(toolText).not.toContain('xxx');
    expect((await read(70_000)).answer.toolResults).toMatchObject([{ error: expect.any(String) }]);
  });
});

describe('updateDocument', () => {
  it('applies exact edits together, as one new version', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ content: 'one two three' });
    const edits = [
      { find: 'three', replace: '3' },
      { find: 'one', replace: '1' },
    ];
    const answer = await documentChat.runScenario('update', { edits });
    expect(documentEventTypes(answer)).toEqual([
      'kind',
      'language',
      'id',
      'title',
      'clear',
      'text-delta',
      'finish',
    ]);
    expect(answer.documents).toMatchObject([{ id, baseVersion: 1, content: '1 two 3' }]);
    expect(answer.toolResults).toMatchObject([{ id, version: 2 }]);
    expect(await documentChat.read(id)).toMatchObject({
      content: '1 two 3',
      version: 2,
      author: 'model',
      baseVersion: 1,
      complete: true,
    });
  });

  it.each([
    ['matches nothing', [{ find: 'four', replace: '4' }], 'is not in the document'],
    ['matches twice', [{ find: 'o', replace: '0' }], 'occurs 4 times'],
    [
      'overlaps another one',
      [
        { find: 'one two', replace: '' },
        { find: 'two too', replace: '' },
      ],
      'change the same place',
    ],
    ['removes all text', [{ find: 'one two too', replace: '' }], 'leave the document empty'],
    ['is missing', [], 'either edits or instructions'],
  ])(
    'with an edit that %s changes nothing and returns the reason, and the answer continues',
    async (_, edits, reason) => {
      const documentChat = newDocumentChat();
      const id = await documentChat.createDocument({ content: 'one two too' });
      const answer = await documentChat.runScenario('update', { edits });
      expect(answer.runEnded?.status).toBe('complete');
      expect(answer.toolResults).toEqual([{ error: expect.stringContaining(reason) }]);
      expect(documentEventTypes(answer)).toEqual([]);
      expect((await documentChat.read(id)).latest).toBe(1);
    },
  );

  it('changes nothing and returns the reason if the document would exceed 1 MB', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ lines: 40_000, burst: 50 });
    const edits = [{ find: 'Line 7 ', replace: 'x'.repeat(100_000) }];
    const answer = await documentChat.runScenario('update', { edits });
    expect(answer.toolResults).toEqual([{ error: expect.stringContaining('1 MB') }]);
    expect(await documentChat.read(id)).toMatchObject({ latest: 1, complete: true });
    await documentChat.runScenario('update', {
      edits: [{ find: 'Line 7 ', replace: 'Line seven ' }],
    });
    expect((await documentChat.read(id)).content).toContain('Line seven of the text.');
  });

  it('rewrites a document live from instructions', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ content: 'a long text' });
    const answer = await documentChat.runScenario('update', {
      instructions: 'Shorter, in the style of “haiku”.',
      content: 'short',
    });
    expect(answer.documents).toMatchObject([{ id, baseVersion: 1, content: 'short' }]);
    expect(await documentChat.read(id)).toMatchObject({
      content: 'short',
      version: 2,
      baseVersion: 1,
    });
    const modelRequests = installation.model.requests.findLast(
      ({ purpose }) => purpose === 'document',
    );
    expect(JSON.stringify(modelRequests?.body.messages)).toContain('a long text');
    expect(JSON.stringify(modelRequests?.body.messages)).toContain('in the style of “haiku”');
  });

  it('stores both versions and reports the conflict if the user edits concurrently', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ content: 'first' });
    const answer = await documentChat.sendScenario('update', {
      instructions: 'Go',
      content: 'a b c d',
      hold: 2,
    });
    await answer.readUntil(() => answer.documents[0]?.content === 'a b ');
    expect(await documentChat.save(id, saveBody('the user’s', 1))).toEqual({
      version: 2,
      latest: 2,
    });
    installation.model.release();
    await answer.readToEnd();
    expect(answer.toolResults).toMatchObject([{ id, version: 3 }]);
    expect(await documentChat.versions(id)).toMatchObject([
      { version: 3, author: 'model', baseVersion: 1 },
      { version: 2, author: 'user', baseVersion: 1 },
      { version: 1, author: 'model', baseVersion: null },
    ]);
    expect((await documentChat.read(id, 2)).content).toBe('the user’s');
  });

  it('called twice in one answer creates two versions', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ content: 'one two' });
    const calls = [
      { name: 'updateDocument', args: { id, edits: [{ find: 'one', replace: '1' }] } },
      { name: 'updateDocument', args: { id, edits: [{ find: 'two', replace: '2' }] } },
    ];
    const answer = await documentChat.runScenario('calls', { calls });
    expect(answer.toolResults).toMatchObject([{ version: 2 }, { version: 3 }]);
    expect((await documentChat.versions(id)).map(({ baseVersion }) => baseVersion)).toEqual([
      2,
      1,
      null,
    ]);
    expect((await documentChat.read(id)).content).toBe('1 2');
  });

  it('works with an endpoint that restarts its call ids in every answer', async () => {
    const documentChat = newDocumentChat();
    const callId = 'call_0';
    const create = { name: 'createDocument', args: { title: 'A', kind: 'text' }, callId };
    const first = await documentChat.runScenario('calls', { calls: [create] });
    const id = first.documents[0]?.id ?? '';
    for (const find of ['d0 ', 'd1 ']) {
      const args = { id, edits: [{ find, replace: '' }] };
      await documentChat.runScenario('calls', {
        calls: [{ name: 'updateDocument', args, callId }],
      });
    }
    expect(await documentChat.read(id)).toMatchObject({
      version: 3,
      content: expect.not.stringMatching('d1 '),
    });
    const { messages } = await documentChat.user.getChat(documentChat.chatId);
    const ids = messages.flatMap(({ parts }) =>
      parts.flatMap((part) =>
        part.type === 'tool-invocation' ? [part.toolInvocation.toolCallId] : [],
      ),
    );
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(callId);
  });

  it('with both edits and instructions, or with neither, returns an error', async () => {
    const documentChat = newDocumentChat();
    await documentChat.createDocument();
    const edits = [{ find: 'd1 ', replace: '' }];
    for (const options of [{}, { edits, instructions: 'Go' }, { instructions: ' ' }]) {
      const answer = await documentChat.runScenario('update', options);
      expect(answer.toolResults).toEqual([{ error: 'Give either edits or instructions.' }]);
    }
  });

  it('does not find a document of another user', async () => {
    const otherChat = new DocumentChat(await TestUser.createGuest(installation.app.baseUrl));
    const id = await otherChat.createDocument({ title: 'Secret', content: 'theirs' });
    const documentChat = newDocumentChat();
    const mine = await documentChat.createDocument({ title: 'Mine' });
    for (const [name, options] of [
      ['update', { id, edits: [{ find: 'theirs', replace: 'mine' }] }],
      ['update', { id, instructions: 'Go' }],
      ['read', { id }],
      ['suggest', { id }],
      ['read', { id: randomUUID() }],
      ['read', { id: 'the-first-one' }],
    ] as const) {
      const answer = await documentChat.runScenario(name, options);
      const [result] = answer.toolResults;
      expect(result?.error).toBe(
        `There is no document with this id. Those of this chat are “Mine”: ${mine}.`,
      );
      expect(answer.runEnded?.status).toBe('complete');
    }
    expect(await otherChat.read(id)).toMatchObject({ content: 'theirs', latest: 1 });
  });
});

describe('requestSuggestions', () => {
  const suggestions = [
    { original: 'teh', suggested: 'the', description: 'A typo' },
    { original: 'nowhere', suggested: 'x', description: 'Quotes nothing' },
    { original: 'very good', suggested: 'good 世界', description: 'Shorter' },
  ];

  it('proposes changes that the user sees, applies or dismisses', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ content: 'This is teh text. It is very good.' });
    const answer = await documentChat.runScenario('suggest', { suggestions });
    const proposed = answer.events.flatMap((e) => (e.type === 'suggestion' ? [e.content] : []));
    expect(proposed).toMatchObject([
      { documentId: id, originalText: 'teh', suggestedText: 'the', description: 'A typo' },
      { documentId: id, originalText: 'very good', suggestedText: 'good 世界' },
    ]);
    expect(answer.toolResults).toMatchObject([
      { id, version: 1, content: expect.stringMatching(/^2 changes are proposed/) },
    ]);
    expect(await documentChat.suggestions(id)).toEqual(proposed);

    const path = `/api/suggestion/${proposed[0]?.id}`;
    const otherChat = new DocumentChat(await TestUser.createGuest(installation.app.baseUrl));
    expect((await otherChat.patch(path, { status: 'applied' })).status).toBe(404);
    expect((await documentChat.patch(path, { status: 'eaten' })).status).toBe(400);
    expect(
      (await documentChat.patch(`/api/suggestion/${randomUUID()}`, { status: 'applied' })).status,
    ).toBe(404);
    expect(await documentChat.suggestions(id)).toHaveLength(2);
    expect((await documentChat.patch(path, { status: 'applied' })).status).toBe(204);
    expect(await documentChat.suggestions(id)).toEqual([proposed[1]]);
    await documentChat.patch(`/api/suggestion/${proposed[1]?.id}`, { status: 'dismissed' });
    expect(await documentChat.suggestions(id)).toEqual([]);
  });

  it('returns an error if there is nothing to suggest or the document is not a text', async () => {
    const documentChat = newDocumentChat();
    await documentChat.createDocument();
    const noSuggestions = await documentChat.runScenario('suggest', { content: 'It is all fine!' });
    expect(noSuggestions.toolResults).toMatchObject([{ content: 'No change was proposed.' }]);
    await documentChat.createDocument({ kind: 'code' });
    const code = await documentChat.runScenario('suggest', { suggestions });
    expect(code.toolResults).toEqual([
      { error: expect.stringContaining('Suggestions are for texts') },
    ]);
  });

  it('ends after twenty suggestions', async () => {
    const documentChat = newDocumentChat();
    const id = await documentChat.createDocument({ n: 30 });
    const manySuggestions = Array.from({ length: 30 }, (_, i) => ({
      original: `d${i} `,
      suggested: `e${i} `,
      description: '',
    }));
    await documentChat.runScenario('suggest', { suggestions: manySuggestions, rate: 200 });
    expect(await documentChat.suggestions(id)).toHaveLength(20);
  });
});
