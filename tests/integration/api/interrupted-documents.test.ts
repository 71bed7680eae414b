import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '@/lib/protocol/live-events';
import { waitUntilFramesSaved } from '@/tests/support/early-delivery';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { DocumentChat, saveBody } from './document-chat';
import { setUpInstallation } from './installation';

const installation = setUpInstallation(() => ({ LOG_LEVEL: 'info' }));

/** Creates a document with one version and an answer that has streamed part of the next one. */
async function startPartialUpdate() {
  const documentChat = new DocumentChat(installation.user);
  const id = await documentChat.createDocument({ title: 'Plan', content: 'first' });
  const answer = await documentChat.sendScenario('update', {
    instructions: 'Go',
    content: 'a b c d e',
    hold: 3,
  });
  await answer.readUntil(() => answer.documents[0]?.content === 'a b c ');
  return { documentChat, id, answer };
}

describe('a document that is being streamed', () => {
  it('is stored as delivered when it is stopped', async () => {
    const { documentChat, id, answer } = await startPartialUpdate();
    await documentChat.user.stop(documentChat.chatId);
    await answer.readToEnd();
    expect(answer.runEnded?.status).toBe('stopped');
    // The message refers to the document, streamed and stored, and tells the model to continue it.
    const [result] = answer.toolResults;
    expect(result).toEqual({
      ...{ id, title: 'Plan', kind: 'text', writing: expect.any(String) },
      error: 'The writing was stopped. What was written until then is kept.',
      stopped: true,
    });
    expect(await documentChat.readByWritingId(id, String(result?.writing))).toMatchObject({
      version: 2,
    });
    expect(await documentChat.lastToolResult()).toEqual(result);
    expect(await documentChat.read(id)).toMatchObject({
      content: 'a b c ',
      version: 2,
      baseVersion: 1,
      author: 'model',
      complete: false,
    });
    expect(await documentChat.versions(id)).toMatchObject([
      { version: 2, complete: false, messageId: answer.response.headers.get('x-message-id') },
      { version: 1, complete: true },
    ]);
    installation.model.release();
    expect((await documentChat.read(id)).latest).toBe(2);
  });

  it('is stored as delivered when the server is killed, next to the edit of the user', async () => {
    const { documentChat, id } = await startPartialUpdate();
    const started = await documentChat.sendScenario('tokens', { n: 1 });
    expect(started.ok).toBe(false);
    await documentChat.save(id, saveBody('mine', 1));
    await waitUntilFramesSaved(installation.app);
    await installation.app.kill9();
    await installation.app.restart();
    const versions = await waitUntil(async () => {
      const now = await documentChat.versions(id);
      expect(now).toHaveLength(3);
      return now;
    });
    expect(versions).toMatchObject([
      { version: 3, author: 'model', baseVersion: 1, complete: false },
      { version: 2, author: 'user', baseVersion: 1 },
      { version: 1 },
    ]);
    expect((await documentChat.read(id, 3)).content).toBe('a b c ');
    const result = await documentChat.lastToolResult();
    expect(result.error).toBe('The writing was interrupted. What was written until then is kept.');
    const storedVersion = await documentChat.readByWritingId(id, String(result.writing));
    expect(storedVersion).toMatchObject({ version: 3, latest: 3, content: 'a b c ' });
    expect((await documentChat.read(id, 2)).content).toBe('mine');
  });

  it('is stored, like the documents before it, when the server that created it is killed', async () => {
    const documentChat = new DocumentChat(installation.user);
    const first = await documentChat.createDocument({ title: 'First', content: 'whole' });
    const answer = await documentChat.sendScenario('document', {
      title: 'Äpfel',
      kind: 'code',
      language: 'c',
      content: 'int a;\nb c',
      hold: 3,
    });
    await answer.readUntil(() => answer.documents[0]?.content === 'int a;\nb ');
    await waitUntilFramesSaved(installation.app);
    await installation.app.kill9();
    await installation.app.restart();
    await waitUntil(async () => expect((await documentChat.list())[1]?.version).toBe(1));
    const [, second] = await documentChat.list();
    expect(second).toMatchObject({ title: 'Äpfel', kind: 'code', language: 'c' });
    expect(await documentChat.read(second?.id ?? '')).toMatchObject({
      content: 'int a;\nb ',
      complete: false,
    });
    expect(await documentChat.lastToolResult()).toMatchObject({
      id: second?.id,
      title: 'Äpfel',
      kind: 'code',
    });
    // The model of the next answer reads the interruption in the conversation.
    const more = await documentChat.runScenario('tokens', { n: 1 });
    expect(more.runEnded?.status).toBe('complete');
    const conversation = JSON.stringify(installation.model.requests.at(-1)?.body.messages);
    expect(conversation).toContain('The writing was interrupted.');
    expect(conversation).toContain(second?.id);
    expect(await documentChat.read(first)).toMatchObject({
      content: 'whole',
      latest: 1,
      complete: true,
    });
  });

  it('is not listed before its first version and reads as empty until then', async () => {
    const documentChat = new DocumentChat(installation.user);
    const answer = await documentChat.sendScenario('document', {
      title: 'Plan',
      content: 'a b c',
      hold: 1,
    });
    await answer.readUntil(() => answer.documents.length > 0);
    const id = answer.documents[0]?.id ?? '';
    await waitUntil(async () =>
      expect(await documentChat.read(id)).toMatchObject({
        title: 'Plan',
        content: '',
        version: 0,
        latest: 0,
      }),
    );
    installation.model.release();
    await answer.readToEnd();
    expect(await documentChat.read(id)).toMatchObject({
      content: 'a b c',
      version: 1,
      complete: true,
    });
  });
});

describe('the other tabs of the user', () => {
  it('receive events for every version, name and suggestion decision', async () => {
    const user = await TestUser.createGuest(installation.app.baseUrl);
    const documentChat = new DocumentChat(user);
    const documentEvents: LiveEvent[] = [];
    const response = await user.fetch('/api/events');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    void (async () => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) return;
        for (const [, json] of value?.matchAll(/^data: (.*)$/gm) ?? []) {
          const event = JSON.parse(json ?? '') as LiveEvent;
          if (event.type === 'document-updated') documentEvents.push(event);
        }
      }
    })().catch(() => {});
    const expectVersionEvent = (version: number) =>
      waitUntil(() => expect(documentEvents.splice(0).at(-1)).toMatchObject({ version }));

    const id = await documentChat.createDocument({ content: 'one two' });
    await waitUntil(() => expect(documentEvents).toHaveLength(1));
    expect(documentEvents.splice(0)).toEqual([
      { type: 'document-updated', chatId: documentChat.chatId, documentId: id, version: 1 },
    ]);
    await documentChat.save(id, saveBody('one two three', 1));
    await expectVersionEvent(2);
    await documentChat.patch(`/api/document/${id}`, { title: 'Other' });
    await expectVersionEvent(2);
    await documentChat.runScenario('update', { edits: [{ find: 'one', replace: '1' }] });
    await expectVersionEvent(3);
    const suggestions = [{ original: 'two', suggested: '2', description: '' }];
    await documentChat.runScenario('suggest', { suggestions });
    await expectVersionEvent(3);
    const [storedVersion] = await documentChat.suggestions(id);
    await documentChat.patch(`/api/suggestion/${storedVersion?.id}`, { status: 'applied' });
    await expectVersionEvent(3);
    const answer = await documentChat.sendScenario('update', {
      instructions: 'Go',
      content: 'a b',
      hold: 1,
    });
    await answer.readUntil(() => answer.documents.length > 0);
    await user.stop(documentChat.chatId);
    await expectVersionEvent(4);
    await reader?.cancel();
  });
});

describe('a model without tool support', () => {
  it('gets no tools and no instructions about them', async () => {
    const systemOf = (body: { messages: Array<{ role: string; content?: unknown }> } | undefined) =>
      String(body?.messages.find(({ role }) => role === 'system')?.content);
    const documentChat = new DocumentChat(installation.user);
    await documentChat.runScenario('tokens', { n: 1 });
    const before = installation.model.requests.findLast(
      ({ purpose }) => purpose === 'answer',
    )?.body;
    expect(systemOf(before)).toContain('createDocument');
    expect(before?.tools?.map((tool) => tool.function?.name)).toEqual([
      'getWeather',
      'createDocument',
      'readDocument',
      'updateDocument',
      'requestSuggestions',
    ]);
    await documentChat.runScenario('reject-tools', { n: 1 });
    await documentChat.runScenario('tokens', { n: 1 });
    const after = installation.model.requests.findLast(({ purpose }) => purpose === 'answer')?.body;
    expect(after?.tools).toBeUndefined();
    expect(systemOf(after)).not.toContain('createDocument');
  });
});
