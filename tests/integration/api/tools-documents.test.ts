import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ARTIFACT_KINDS } from '@/lib/protocol/artifact-kinds';
import { deltaOf } from '@/lib/protocol/events';
import { DocumentChat, edit } from './documents-person';
import { installation } from './fixture';
import { type Answer, Person } from './person';

const at = installation();

const chat = () => new DocumentChat(at.person);

/** What a run said of documents, its deltas as one. */
function typesOf(answer: Answer): string[] {
  const types = answer.events.map(({ type }) => type).filter((type) => type !== 'title-updated');
  return types.filter((type, index) => !type.endsWith('-delta') || types[index - 1] !== type);
}

function wordsIn({ content }: { content?: unknown }): string[] {
  return typeof content === 'string' ? content.split(/\s+/).filter(Boolean) : [];
}

describe('createDocument', () => {
  it.each(ARTIFACT_KINDS)('writes a %s live, and tells of it in order', async (kind) => {
    const here = chat();
    const content = kind === 'sheet' ? 'name,moons\nEarth,1\n' : 'Grüße 世界 👩‍🚀 "x"\n\nthe end';
    const answer = await here.askAndWait('document', { title: 'Äpfel 世界', kind, content });
    expect(typesOf(answer)).toEqual([
      'kind',
      'language',
      'id',
      'title',
      'clear',
      deltaOf(kind),
      'finish',
    ]);
    const [document] = answer.documents;
    expect(document).toMatchObject({ kind, title: 'Äpfel 世界', content, complete: true });
    expect(answer.events.at(-1)).toEqual({ type: 'finish', content: '1' });
    const { id } = document ?? { id: '' };
    expect(answer.results).toEqual([
      { id, title: 'Äpfel 世界', kind, version: 1, content: expect.stringContaining('written') },
    ]);
    expect(await here.read(id)).toMatchObject({ content, version: 1, complete: true });
    expect(await here.list()).toMatchObject([{ id, kind, version: 1 }]);
    expect(answer.ending?.status).toBe('complete');
  });

  it('keeps the language of a program, and drops the fence around it', async () => {
    const here = chat();
    const content = '```python\nprint("hi")\n```';
    const id = await here.write({ kind: 'code', language: 'python', content });
    expect(await here.read(id)).toMatchObject({ language: 'python', content: 'print("hi")\n' });
    expect(await here.list()).toMatchObject([{ language: 'python' }]);
  });

  it('costs the answer the tokens of its writer, too', async () => {
    const here = chat();
    const before = at.model.requests.length;
    const answer = await here.askAndWait('document', { n: 400, rate: 0 });
    const asked = at.model.requests.slice(before).filter(({ purpose }) => purpose !== 'title');
    expect(asked.map(({ purpose }) => purpose)).toEqual(['answer', 'document', 'answer']);
    // The model counts a word as a token.
    const words = asked.flatMap(({ body }) => body.messages.flatMap(wordsIn)).length;
    const { usage } = answer.ending ?? {};
    expect(usage?.promptTokens).toBe(words);
    expect(usage?.completionTokens).toBeGreaterThan(400);
    const { messages } = await here.person.chat(here.chatId);
    expect(messages.at(-1)?.annotations[0]?.usage).toEqual(usage);
  });

  it('tells its writer what was said', async () => {
    const here = chat();
    await here.write({ title: 'First', content: 'About rivers.' });
    await here.write({ title: 'Second' });
    const asked = at.model.requests.findLast(({ purpose }) => purpose === 'document');
    const prompt = JSON.stringify(asked?.body.messages);
    expect(prompt).toContain('Person: [[scenario:document');
    expect(prompt).toContain('Write this now, in full: “Second”');
    expect(asked?.body.tools).toBeUndefined();
  });

  it.each([
    ['a kind that there is not', { title: 'A', kind: 'film' }, /kind: Invalid enum value/],
    ['no title', { title: ' ', kind: 'text' }, /title: /],
    ['a title too long', { title: 'x'.repeat(201), kind: 'text' }, /title: /],
  ])('with %s is refused, and the answer goes on', async (_, args, reason) => {
    const here = chat();
    const answer = await here.askAndWait('calls', { calls: [{ name: 'createDocument', args }] });
    expect(answer.results).toEqual([{ error: expect.stringMatching(reason) }]);
    expect(answer.ending?.status).toBe('complete');
    expect(answer.text).toContain('The tool said');
    expect(await here.list()).toEqual([]);
  });

  it('whose writer breaks off keeps what came, says so, and the answer goes on', async () => {
    const here = chat();
    const answer = await here.askAndWait('document', { n: 50, rate: 0, die: 20 });
    expect(typesOf(answer).slice(-3)).toEqual(['text-delta', 'error', 'finish']);
    const { id, content } = answer.documents[0] ?? { id: '', content: '' };
    expect(content).toContain('d10 ');
    expect(await here.read(id)).toMatchObject({ content, version: 1, complete: false });
    expect(answer.results).toMatchObject([
      { id, version: 1, error: expect.stringMatching(/was cut off/) },
    ]);
    expect(answer.ending?.status).toBe('complete');
  });

  it('whose writer says nothing leaves no trace', async () => {
    const here = chat();
    const answer = await here.askAndWait('document', { content: '' });
    expect(typesOf(answer)).toEqual([]);
    expect(answer.results).toEqual([{ error: expect.stringContaining('Nothing was written') }]);
    expect(await here.list()).toEqual([]);
  });

  it('ends at 1 MB, and keeps what came until then', async () => {
    const here = chat();
    const answer = await here.askAndWait('document', { lines: 60_000, rate: 0 });
    const { id, content } = answer.documents[0] ?? { id: '', content: '' };
    expect(answer.results).toMatchObject([{ error: expect.stringContaining('1 MB') }]);
    expect(content.length).toBeGreaterThan(900_000);
    expect(await here.read(id)).toMatchObject({ content, complete: false });
    expect(answer.ending?.status).toBe('complete');
  });

  it('called twice at once writes one after the other', async () => {
    const here = chat();
    const calls = ['One', 'Two'].map((title) => ({
      name: 'createDocument',
      args: { title, kind: 'text' },
    }));
    const answer = await here.askAndWait('calls', { calls, n: 10, rate: 200 });
    const each = ['kind', 'language', 'id', 'title', 'clear', 'text-delta', 'finish'];
    expect(typesOf(answer)).toEqual([...each, ...each]);
    expect(answer.documents.map(({ title }) => title)).toEqual(['One', 'Two']);
    expect((await here.list()).map(({ title }) => title)).toEqual(['One', 'Two']);
  });
});

describe('readDocument', () => {
  it('gives the model the text as it is now, and leaves it out of the message', async () => {
    const here = chat();
    const id = await here.write({ title: 'Plan' });
    await here.save(id, edit('the person’s own words', 1));
    const answer = await here.askAndWait('read', { after: 'Seen.' });
    expect(answer.results).toMatchObject([{ id, title: 'Plan', kind: 'text', version: 2 }]);
    expect(answer.lines.join('\n')).not.toContain('own words');
    const last = at.model.requests.findLast(({ purpose }) => purpose === 'answer')?.body.messages;
    expect(JSON.stringify(last?.at(-1))).toContain('version 2, written by the person');
    expect(JSON.stringify(last?.at(-1))).toContain('own words');
    // Later, the model is told that it has read it, not what.
    await here.askAndWait('tokens', { n: 1 });
    const later = JSON.stringify(at.model.requests.at(-1)?.body.messages);
    expect(later).toContain('read it again');
    expect(later).not.toContain('own words');
  });

  it('gives a long one in parts', async () => {
    const here = chat();
    const id = await here.write({ content: `${'x'.repeat(60_000)}END OF IT` });
    const read = async (offset: number) => {
      const calls = [{ name: 'readDocument', args: { id, offset } }];
      const answer = await here.askAndWait('calls', { calls });
      return { answer, told: answer.text };
    };
    expect((await read(0)).told).toContain(
      'Characters 0 to 60000 of 60009 follow. Go on with offset 60000',
    );
    const { told } = await read(60_000);
    expect(told).toContain('END OF IT');
    expect(told).not.toContain('xxx');
    expect((await read(70_000)).answer.results).toMatchObject([{ error: expect.any(String) }]);
  });
});

describe('updateDocument', () => {
  it('makes exact edits, all at once, as one more version', async () => {
    const here = chat();
    const id = await here.write({ content: 'one two three' });
    const edits = [
      { find: 'three', replace: '3' },
      { find: 'one', replace: '1' },
    ];
    const answer = await here.askAndWait('update', { edits });
    expect(typesOf(answer)).toEqual([
      'kind',
      'language',
      'id',
      'title',
      'clear',
      'text-delta',
      'finish',
    ]);
    expect(answer.documents).toMatchObject([{ id, baseVersion: 1, content: '1 two 3' }]);
    expect(answer.results).toMatchObject([{ id, version: 2 }]);
    expect(await here.read(id)).toMatchObject({
      content: '1 two 3',
      version: 2,
      author: 'model',
      baseVersion: 1,
      complete: true,
    });
  });

  it.each([
    ['matches nothing', [{ find: 'four', replace: '4' }], 'is not in the document'],
    ['matches twice', [{ find: 'o', replace: '0' }], 'is there 4 times'],
    [
      'changes what another one changes',
      [
        { find: 'one two', replace: '' },
        { find: 'two too', replace: '' },
      ],
      'change the same place',
    ],
    ['leaves nothing', [{ find: 'one two too', replace: '' }], 'leave nothing'],
    ['is not one at all', [], 'either edits or instructions'],
  ])('that %s changes nothing, says why, and the answer goes on', async (_, edits, reason) => {
    const here = chat();
    const id = await here.write({ content: 'one two too' });
    const answer = await here.askAndWait('update', { edits });
    expect(answer.ending?.status).toBe('complete');
    expect(answer.results).toEqual([{ error: expect.stringContaining(reason) }]);
    expect(typesOf(answer)).toEqual([]);
    expect((await here.read(id)).latest).toBe(1);
  });

  it('that would make more than 1 MB of it changes nothing, and says why', async () => {
    const here = chat();
    const id = await here.write({ lines: 40_000 });
    const edits = [{ find: 'Line 7 ', replace: 'x'.repeat(100_000) }];
    const answer = await here.askAndWait('update', { edits });
    expect(answer.results).toEqual([{ error: expect.stringContaining('1 MB') }]);
    expect(await here.read(id)).toMatchObject({ latest: 1, complete: true });
    await here.askAndWait('update', { edits: [{ find: 'Line 7 ', replace: 'Line seven ' }] });
    expect((await here.read(id)).content).toContain('Line seven of the text.');
  });

  it('writes a document anew, live, by instructions', async () => {
    const here = chat();
    const id = await here.write({ content: 'a long text' });
    const answer = await here.askAndWait('update', {
      instructions: 'Shorter, in the style of “haiku”.',
      content: 'short',
    });
    expect(answer.documents).toMatchObject([{ id, baseVersion: 1, content: 'short' }]);
    expect(await here.read(id)).toMatchObject({ content: 'short', version: 2, baseVersion: 1 });
    const asked = at.model.requests.findLast(({ purpose }) => purpose === 'document');
    expect(JSON.stringify(asked?.body.messages)).toContain('a long text');
    expect(JSON.stringify(asked?.body.messages)).toContain('in the style of “haiku”');
  });

  it('beside an edit of the person keeps both, and says so', async () => {
    const here = chat();
    const id = await here.write({ content: 'first' });
    const answer = await here.ask('update', { instructions: 'Go', content: 'a b c d', hold: 2 });
    await answer.untilIt(() => answer.documents[0]?.content === 'a b ');
    expect(await here.save(id, edit('the person’s', 1))).toEqual({ version: 2, latest: 2 });
    at.model.release();
    await answer.whole();
    expect(answer.results).toMatchObject([{ id, version: 3 }]);
    expect(await here.versions(id)).toMatchObject([
      { version: 3, author: 'model', baseVersion: 1 },
      { version: 2, author: 'user', baseVersion: 1 },
      { version: 1, author: 'model', baseVersion: null },
    ]);
    expect((await here.read(id, 2)).content).toBe('the person’s');
  });

  it('called twice in one answer makes two versions', async () => {
    const here = chat();
    const id = await here.write({ content: 'one two' });
    const calls = [
      { name: 'updateDocument', args: { id, edits: [{ find: 'one', replace: '1' }] } },
      { name: 'updateDocument', args: { id, edits: [{ find: 'two', replace: '2' }] } },
    ];
    const answer = await here.askAndWait('calls', { calls });
    expect(answer.results).toMatchObject([{ version: 2 }, { version: 3 }]);
    expect((await here.versions(id)).map(({ baseVersion }) => baseVersion)).toEqual([2, 1, null]);
    expect((await here.read(id)).content).toBe('1 2');
  });

  it('works with an endpoint that counts its calls anew in every answer', async () => {
    const here = chat();
    const callId = 'call_0';
    const create = { name: 'createDocument', args: { title: 'A', kind: 'text' }, callId };
    const first = await here.askAndWait('calls', { calls: [create] });
    const id = first.documents[0]?.id ?? '';
    for (const find of ['d0 ', 'd1 ']) {
      const args = { id, edits: [{ find, replace: '' }] };
      await here.askAndWait('calls', { calls: [{ name: 'updateDocument', args, callId }] });
    }
    expect(await here.read(id)).toMatchObject({
      version: 3,
      content: expect.not.stringMatching('d1 '),
    });
    const { messages } = await here.person.chat(here.chatId);
    const ids = messages.flatMap(({ parts }) =>
      parts.flatMap((part) =>
        part.type === 'tool-invocation' ? [part.toolInvocation.toolCallId] : [],
      ),
    );
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(callId);
  });

  it('given both, or neither, is told to choose', async () => {
    const here = chat();
    await here.write();
    const edits = [{ find: 'd1 ', replace: '' }];
    for (const options of [{}, { edits, instructions: 'Go' }, { instructions: ' ' }]) {
      const answer = await here.askAndWait('update', options);
      expect(answer.results).toEqual([{ error: 'Give either edits or instructions.' }]);
    }
  });

  it('does not find what is somebody else’s', async () => {
    const theirs = new DocumentChat(await Person.arrive(at.app.baseUrl));
    const id = await theirs.write({ title: 'Secret', content: 'theirs' });
    const here = chat();
    const mine = await here.write({ title: 'Mine' });
    for (const [name, options] of [
      ['update', { id, edits: [{ find: 'theirs', replace: 'mine' }] }],
      ['update', { id, instructions: 'Go' }],
      ['read', { id }],
      ['suggest', { id }],
      ['read', { id: randomUUID() }],
      ['read', { id: 'the-first-one' }],
    ] as const) {
      const answer = await here.askAndWait(name, options);
      const [result] = answer.results;
      expect(result?.error).toBe(
        `There is no document with this id. Those of this chat are “Mine”: ${mine}.`,
      );
      expect(answer.ending?.status).toBe('complete');
    }
    expect(await theirs.read(id)).toMatchObject({ content: 'theirs', latest: 1 });
  });
});

describe('requestSuggestions', () => {
  const suggestions = [
    { original: 'teh', suggested: 'the', description: 'A typo' },
    { original: 'nowhere', suggested: 'x', description: 'Quotes nothing' },
    { original: 'very good', suggested: 'good 世界', description: 'Shorter' },
  ];

  it('proposes changes that the person sees, takes or dismisses', async () => {
    const here = chat();
    const id = await here.write({ content: 'This is teh text. It is very good.' });
    const answer = await here.askAndWait('suggest', { suggestions });
    const made = answer.events.flatMap((e) => (e.type === 'suggestion' ? [e.content] : []));
    expect(made).toMatchObject([
      { documentId: id, originalText: 'teh', suggestedText: 'the', description: 'A typo' },
      { documentId: id, originalText: 'very good', suggestedText: 'good 世界' },
    ]);
    expect(answer.results).toMatchObject([
      { id, version: 1, content: expect.stringMatching(/^2 changes are proposed/) },
    ]);
    expect(await here.suggestions(id)).toEqual(made);

    const path = `/api/suggestion/${made[0]?.id}`;
    const stranger = new DocumentChat(await Person.arrive(at.app.baseUrl));
    expect((await stranger.patch(path, { status: 'applied' })).status).toBe(404);
    expect((await here.patch(path, { status: 'eaten' })).status).toBe(400);
    expect(
      (await here.patch(`/api/suggestion/${randomUUID()}`, { status: 'applied' })).status,
    ).toBe(404);
    expect(await here.suggestions(id)).toHaveLength(2);
    expect((await here.patch(path, { status: 'applied' })).status).toBe(204);
    expect(await here.suggestions(id)).toEqual([made[1]]);
    await here.patch(`/api/suggestion/${made[1]?.id}`, { status: 'dismissed' });
    expect(await here.suggestions(id)).toEqual([]);
  });

  it('says where there is nothing to propose, and that only texts have any', async () => {
    const here = chat();
    await here.write();
    const none = await here.askAndWait('suggest', { content: 'It is all fine!' });
    expect(none.results).toMatchObject([{ content: 'No change was proposed.' }]);
    await here.write({ kind: 'code' });
    const code = await here.askAndWait('suggest', { suggestions });
    expect(code.results).toEqual([{ error: expect.stringContaining('Suggestions are for texts') }]);
  });

  it('ends after twenty', async () => {
    const here = chat();
    const id = await here.write({ n: 30 });
    const many = Array.from({ length: 30 }, (_, i) => ({
      original: `d${i} `,
      suggested: `e${i} `,
      description: '',
    }));
    await here.askAndWait('suggest', { suggestions: many, rate: 200 });
    expect(await here.suggestions(id)).toHaveLength(20);
  });
});
