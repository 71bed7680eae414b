import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '@/lib/protocol/api';
import { DocumentChat, edit } from './documents-person';
import { installation } from './fixture';
import { eventually, Person } from './person';

const at = installation();

/** A document of one version, and an answer that has written part of the next one. */
async function halfUpdated() {
  const here = new DocumentChat(at.person);
  const id = await here.write({ title: 'Plan', content: 'first' });
  const answer = await here.ask('update', { instructions: 'Go', content: 'a b c d e', hold: 3 });
  await answer.untilIt(() => answer.documents[0]?.content === 'a b c ');
  return { here, id, answer };
}

describe('a document in the middle of its writing', () => {
  it('keeps what was shown when it is stopped', async () => {
    const { here, id, answer } = await halfUpdated();
    await here.person.stop(here.chatId);
    await answer.whole();
    expect(answer.ending?.status).toBe('stopped');
    // The message leads to it, live and as it is kept, and a model that goes on is told.
    const [result] = answer.results;
    expect(result).toEqual({
      ...{ id, title: 'Plan', kind: 'text', writing: expect.any(String) },
      error: 'The writing was stopped. What was written until then is kept.',
      stopped: true,
    });
    expect(await here.readWriting(id, String(result?.writing))).toMatchObject({ version: 2 });
    expect(await here.lastResult()).toEqual(result);
    expect(await here.read(id)).toMatchObject({
      content: 'a b c ',
      version: 2,
      baseVersion: 1,
      author: 'model',
      complete: false,
    });
    expect(await here.versions(id)).toMatchObject([
      { version: 2, complete: false, messageId: answer.response.headers.get('x-message-id') },
      { version: 1, complete: true },
    ]);
    at.model.release();
    expect((await here.read(id)).latest).toBe(2);
  });

  it('keeps what was shown when the server is killed, beside the person’s edit', async () => {
    const { here, id } = await halfUpdated();
    const begun = await here.ask('tokens', { n: 1 });
    expect(begun.ok).toBe(false);
    await here.save(id, edit('mine', 1));
    await at.app.kill9();
    await at.app.restart();
    const versions = await eventually(async () => {
      const now = await here.versions(id);
      expect(now).toHaveLength(3);
      return now;
    });
    expect(versions).toMatchObject([
      { version: 3, author: 'model', baseVersion: 1, complete: false },
      { version: 2, author: 'user', baseVersion: 1 },
      { version: 1 },
    ]);
    expect((await here.read(id, 3)).content).toBe('a b c ');
    const result = await here.lastResult();
    expect(result.error).toBe('The writing was interrupted. What was written until then is kept.');
    const made = await here.readWriting(id, String(result.writing));
    expect(made).toMatchObject({ version: 3, latest: 3, content: 'a b c ' });
    expect((await here.read(id, 2)).content).toBe('mine');
  });

  it('keeps a new document that the killed server was writing, and those written before', async () => {
    const here = new DocumentChat(at.person);
    const first = await here.write({ title: 'First', content: 'whole' });
    const answer = await here.ask('document', {
      title: 'Äpfel',
      kind: 'code',
      language: 'c',
      content: 'int a;\nb c',
      hold: 3,
    });
    await answer.untilIt(() => answer.documents[0]?.content === 'int a;\nb ');
    await at.app.kill9();
    await at.app.restart();
    await eventually(async () => expect((await here.list())[1]?.version).toBe(1));
    const [, second] = await here.list();
    expect(second).toMatchObject({ title: 'Äpfel', kind: 'code', language: 'c' });
    expect(await here.read(second?.id ?? '')).toMatchObject({
      content: 'int a;\nb ',
      complete: false,
    });
    expect(await here.lastResult()).toMatchObject({ id: second?.id, title: 'Äpfel', kind: 'code' });
    // Whoever goes on reads in the conversation what became of it.
    const more = await here.askAndWait('tokens', { n: 1 });
    expect(more.ending?.status).toBe('complete');
    const told = JSON.stringify(at.model.requests.at(-1)?.body.messages);
    expect(told).toContain('The writing was interrupted.');
    expect(told).toContain(second?.id);
    expect(await here.read(first)).toMatchObject({ content: 'whole', latest: 1, complete: true });
  });

  it('is not there before its first version, and reads as empty until then', async () => {
    const here = new DocumentChat(at.person);
    const answer = await here.ask('document', { title: 'Plan', content: 'a b c', hold: 1 });
    await answer.untilIt(() => answer.documents.length > 0);
    const id = answer.documents[0]?.id ?? '';
    await eventually(async () =>
      expect(await here.read(id)).toMatchObject({
        title: 'Plan',
        content: '',
        version: 0,
        latest: 0,
      }),
    );
    at.model.release();
    await answer.whole();
    expect(await here.read(id)).toMatchObject({ content: 'a b c', version: 1, complete: true });
  });
});

describe('the person’s other windows', () => {
  it('hear of every version, name and decision on a suggestion', async () => {
    const person = await Person.arrive(at.app.baseUrl);
    const here = new DocumentChat(person);
    const heard: LiveEvent[] = [];
    const response = await person.fetch('/api/events');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    void (async () => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) return;
        for (const [, json] of value?.matchAll(/^data: (.*)$/gm) ?? []) {
          const event = JSON.parse(json ?? '') as LiveEvent;
          if (event.type === 'document-updated') heard.push(event);
        }
      }
    })().catch(() => {});
    const hears = (version: number) =>
      eventually(() => expect(heard.splice(0).at(-1)).toMatchObject({ version }));

    const id = await here.write({ content: 'one two' });
    await eventually(() => expect(heard).toHaveLength(1));
    expect(heard.splice(0)).toEqual([
      { type: 'document-updated', chatId: here.chatId, documentId: id, version: 1 },
    ]);
    await here.save(id, edit('one two three', 1));
    await hears(2);
    await here.patch(`/api/document/${id}`, { title: 'Other' });
    await hears(2);
    await here.askAndWait('update', { edits: [{ find: 'one', replace: '1' }] });
    await hears(3);
    const suggestions = [{ original: 'two', suggested: '2', description: '' }];
    await here.askAndWait('suggest', { suggestions });
    await hears(3);
    const [made] = await here.suggestions(id);
    await here.patch(`/api/suggestion/${made?.id}`, { status: 'applied' });
    await hears(3);
    const answer = await here.ask('update', { instructions: 'Go', content: 'a b', hold: 1 });
    await answer.untilIt(() => answer.documents.length > 0);
    await person.stop(here.chatId);
    await hears(4);
    await reader?.cancel();
  });
});

describe('a model without tools', () => {
  it('is offered none, and told of none', async () => {
    const systemOf = (body: { messages: Array<{ role: string; content?: unknown }> } | undefined) =>
      String(body?.messages.find(({ role }) => role === 'system')?.content);
    const here = new DocumentChat(at.person);
    await here.askAndWait('tokens', { n: 1 });
    const before = at.model.requests.findLast(({ purpose }) => purpose === 'answer')?.body;
    expect(systemOf(before)).toContain('createDocument');
    expect(before?.tools?.map((tool) => tool.function?.name)).toEqual([
      'getWeather',
      'createDocument',
      'readDocument',
      'updateDocument',
      'requestSuggestions',
    ]);
    await here.askAndWait('refuse-tools', { n: 1 });
    await here.askAndWait('tokens', { n: 1 });
    const after = at.model.requests.findLast(({ purpose }) => purpose === 'answer')?.body;
    expect(after?.tools).toBeUndefined();
    expect(systemOf(after)).not.toContain('createDocument');
  });
});
