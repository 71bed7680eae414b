import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { LIMITS, type ModelList } from '@/lib/protocol/api';
import { purgeChats } from '@/lib/server/chat/purge-chats';
import type { ModelServer } from '@/tests/support/model-server';
import { numberedTokens, TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();

/** The request for the title of the chat whose message contains `text`. */
const titleRequest = (model: ModelServer, text: string) =>
  model.requests.find(
    ({ purpose, body }) => purpose === 'title' && JSON.stringify(body.messages).includes(text),
  );

describe('a message', () => {
  it('gets a streamed answer, which is stored with its parts, model, usage, timing and end', async () => {
    const { user, model } = installation;
    const body = user.messageBody('[[scenario:reasoning n=40 thoughts=3 hold=20]]');
    const answer = await user.send(body);
    await answer.readUntilText('t19 ');
    model.release();
    await answer.readToEnd();
    expect(answer.text).toBe(numberedTokens(40));
    expect(answer.lines[0]).toMatch(/^f:/);
    expect(answer.lines.at(-1)).toMatch(/^d:/);

    const { messages } = await user.getChat(body.id);
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatchObject({ id: body.message.id, role: 'user', status: 'complete' });
    expect(messages[1]).toMatchObject({
      role: 'assistant',
      status: 'complete',
      content: numberedTokens(40),
      parentId: body.message.id,
      modelRef: user.model,
      parts: [
        { type: 'step-start' },
        { type: 'reasoning', reasoning: 'r0 r1 r2 ', ms: expect.any(Number) },
        { type: 'text', text: numberedTokens(40) },
      ],
      annotations: [{ type: 'run-ended', status: 'complete', finishReason: 'stop' }],
    });
    expect(messages[1]?.annotations[0]?.usage?.completionTokens).toBeGreaterThan(0);
    expect(messages[1]?.annotations[0]).toMatchObject({
      timing: { firstTokenMs: expect.any(Number), generationMs: expect.any(Number) },
      endedAt: expect.any(String),
    });
    // A page that received the answer displays the same figures as one that loads it later.
    expect(messages[1]?.annotations).toEqual([answer.runEnded]);
    const responseText = await (await user.fetch(`/api/chat/${body.id}`)).text();
    // Sent once: the page derives the text of a message from its parts.
    expect(responseText.split(numberedTokens(40))).toHaveLength(2);
  });

  it('is answered with the whole conversation before it', async () => {
    const { user, model } = installation;
    const first = user.messageBody('My name is Ada.');
    const answer = await (await user.send(first)).readToEnd();
    const parentId = answer.response.headers.get('x-message-id');
    await (await user.send(user.messageBody('Who am I?', { id: first.id, parentId }))).readToEnd();
    const modelRequests = model.requests.findLast(({ purpose }) => purpose === 'answer');
    const sentMessages = modelRequests?.body.messages
      .slice(1)
      .map(({ role, content }) => [role, content]);
    expect(JSON.stringify(sentMessages)).toContain('My name is Ada.');
    expect(sentMessages?.map(([role]) => role)).toEqual(['user', 'assistant', 'user']);
    expect((await user.getChat(first.id)).messages).toHaveLength(4);
  });

  it('that is sent twice is answered once, and both requests receive the whole answer', async () => {
    const { user, model } = installation;
    const body = user.messageBody('[[scenario:tokens n=30 hold=10]] twice');
    const first = await user.send(body);
    await first.readUntilText('t3 ');
    const second = await user.send(body);
    model.release();
    expect(second.response.headers.get('x-run-id')).toBe(first.response.headers.get('x-run-id'));
    expect((await first.readToEnd()).text).toBe(numberedTokens(30));
    expect((await second.readToEnd()).text).toBe(numberedTokens(30));
    const third = await (await user.send(body)).readToEnd();
    expect(third.ok).toBe(true);
    const modelRequests = model.requests.filter(({ body: { messages } }) =>
      JSON.stringify(messages).includes('twice'),
    );
    expect(modelRequests.filter(({ purpose }) => purpose === 'answer')).toHaveLength(1);
    expect((await user.getChat(body.id)).messages).toHaveLength(2);
  });

  it('does not wait for another one: one of two concurrent sends gets a conflict', async () => {
    const { user } = installation;
    const first = user.messageBody('[[scenario:tokens n=5]]');
    const parentId = (await (await user.send(first)).readToEnd()).response.headers.get(
      'x-message-id',
    );
    const responses = await Promise.all(
      ['one', 'two'].map((word) =>
        user.send(
          user.messageBody(`[[scenario:tokens n=20 rate=40]] ${word}`, { id: first.id, parentId }),
        ),
      ),
    );
    const rejected = responses.filter(({ ok }) => !ok);
    expect(rejected).toHaveLength(1);
    expect(await rejected[0]?.readError()).toMatchObject({ status: 409 });
    await responses.find(({ ok }) => ok)?.readToEnd();
    // The rejected message stored nothing.
    expect((await user.getChat(first.id)).messages).toHaveLength(4);
  });

  it('from a tab that has not seen the newest answer is rejected, and nothing is overwritten', async () => {
    const { user } = installation;
    const first = user.messageBody('[[scenario:tokens n=3]]');
    await (await user.send(first)).readToEnd();
    const stale = await user.send(user.messageBody('stale', { id: first.id, parentId: null }));
    expect(await stale.readError()).toMatchObject({ status: 409, code: 'chat_changed' });
    expect((await user.getChat(first.id)).messages).toHaveLength(2);
  });

  it('with a failed answer is answered again by a retry, and only the new answer is displayed', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:status code=500 times=3 n=4]] once more');
    const failed = await (await user.send(body)).readToEnd();
    expect(failed.runEnded).toMatchObject({ status: 'failed', error: { code: 'endpoint_failed' } });
    const retryOf = failed.response.headers.get('x-message-id') as string;
    const retry = { ...body, retryOf, answerId: randomUUID() };
    await (await user.send(retry)).readToEnd();
    const messagesAfterRetry = (await user.getChat(body.id)).messages;
    expect(messagesAfterRetry).toHaveLength(2);
    expect(messagesAfterRetry[1]?.id).toBe(retry.answerId);
    // The same retry again, as from a second click, follows the existing answer.
    const repeated = await (await user.send(retry)).readToEnd();
    expect(repeated.response.headers.get('x-message-id')).toBe(messagesAfterRetry[1]?.id);
  });

  it('in any script keeps everything except characters that Postgres cannot store', async () => {
    const { user } = installation;
    const text = 'नमस्ते 👩‍🚀 שלום \u0000 \ud83d end';
    const body = user.messageBody(text);
    await (await user.send(body)).readToEnd();
    const { messages } = await user.getChat(body.id);
    expect(messages[0]?.content).toBe('नमस्ते 👩‍🚀 שלום  \ufffd end');
  });
});

describe('the title of a new chat', () => {
  it('is generated by the model, saved, sent to the reader, and listed in the history', async () => {
    const { user, model } = installation;
    const body = user.messageBody(
      '[[title:text="Knots and ropes"]] [[scenario:tokens n=30 hold=10]]',
    );
    const answer = await user.send(body);
    await answer.readUntil(() => answer.events.some(({ type }) => type === 'title-updated'));
    model.release();
    await answer.readToEnd();
    expect(answer.events).toContainEqual({ type: 'title-updated', content: 'Knots and ropes' });
    const { chats } = await user.getHistory();
    expect(chats.find(({ id }) => id === body.id)).toMatchObject({
      title: 'Knots and ropes',
      titlePending: false,
    });
  });

  it('delays neither the first token nor the end of the answer, even if it is slow', async () => {
    const { user, model } = installation;
    const body = user.messageBody('[[title:hold=0 text="Late title"]] [[scenario:tokens n=5]]');
    await (await user.send(body)).readToEnd();
    expect((await user.getChat(body.id)).chat.title).not.toBe('Late title');
    await waitUntil(() => expect(titleRequest(model, 'Late title')).toBeDefined());
    model.release();
    await waitUntil(async () => {
      expect((await user.getChat(body.id)).chat.title).toBe('Late title');
    });
  });

  it('is the beginning of the message if the model returns none', async () => {
    const { user } = installation;
    const body = user.messageBody('[[title:status=500]] How do I tie a bowline?');
    await (await user.send(body)).readToEnd();
    await waitUntil(async () => {
      const { chat } = await user.getChat(body.id);
      expect(chat.titlePending).toBe(false);
      expect(chat.title).toContain('How do I tie');
    });
  });

  it('stays when the user sets it', async () => {
    const { user, model } = installation;
    const body = user.messageBody('[[title:hold=0 text="By the model"]] [[scenario:tokens n=2]]');
    await (await user.send(body)).readToEnd();
    await user.json(`/api/chat/${body.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'By me' }),
    });
    await waitUntil(() => expect(titleRequest(model, 'By the model')).toBeDefined());
    model.release();
    await waitUntil(() => expect(titleRequest(model, 'By the model')?.endedAt).not.toBeNull());
    await sleep(300);
    expect((await user.getChat(body.id)).chat.title).toBe('By me');
  });
});

describe('the settings of a chat', () => {
  it('are those of its first message, and can be changed and read', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=1]]');
    await (await user.send(body)).readToEnd();
    expect((await user.getChat(body.id)).chat).toMatchObject({ modelRef: user.model });
    const changed = await user.json(`/api/chat/${body.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ modelRef: 'other/model' }),
    });
    expect(changed).toMatchObject({ id: body.id, modelRef: 'other/model' });
    expect(await user.json(`/api/chat/${body.id}/settings`)).toMatchObject({
      modelRef: 'other/model',
    });
  });
});

describe('the instructions of a chat', () => {
  const settingsOf = (chatId: string) => installation.user.json(`/api/chat/${chatId}/settings`);
  const setInstructions = (systemPrompt: unknown, chatId: string, user = installation.user) =>
    user.fetch(`/api/chat/${chatId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ systemPrompt }),
    });
  /** The contents of the newest request with this purpose, by role. */
  const sentContents = (role: string, purpose = 'answer') =>
    installation.model.requests
      .findLast((request) => request.purpose === purpose)
      ?.body.messages.filter((message) => message.role === role)
      .map(({ content }) => String(content)) ?? [];

  it('are replaced only if they are those that the client expects, or the new ones', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=1]]');
    await (await user.send(body)).readToEnd();
    const replace = async (expected: string | null, systemPrompt: string | null) => {
      const response = await user.fetch(`/api/chat/${body.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ systemPrompt, expected: { systemPrompt: expected } }),
      });
      return (await response.json()).code ?? response.status;
    };
    expect(await replace(null, 'Answer in rhymes.')).toBe(200);
    // Repeated after a lost response.
    expect(await replace(null, 'Answer in rhymes.')).toBe(200);
    expect(await replace(null, 'Answer in prose.')).toBe('settings_changed');
    expect(await replace('Answer in prose.', null)).toBe('settings_changed');
    expect(await settingsOf(body.id)).toMatchObject({ systemPrompt: 'Answer in rhymes.' });
    expect(await replace('Answer in rhymes.', null)).toBe(200);
    expect(await settingsOf(body.id)).toMatchObject({ systemPrompt: null });
  });

  it('are sent to the model from the first message on, and changes from the next answer on', async () => {
    const { user } = installation;
    const settings = { systemPrompt: 'Answer \u0000in rhymes.' };
    const body = user.messageBody('[[scenario:length n=10]] Hello', { settings });
    const first = await (await user.send(body)).readToEnd();
    expect(sentContents('system')).toEqual([expect.stringMatching(/\n\nAnswer in rhymes\.$/)]);
    expect((await user.getChat(body.id)).chat.systemPrompt).toBe('Answer in rhymes.');

    expect((await setInstructions('Answer in prose.', body.id)).status).toBe(200);
    const answerId = first.response.headers.get('x-message-id') as string;
    await (await user.send({ ...body, continueOf: answerId })).readToEnd();
    expect(sentContents('system')[0]).toMatch(/\n\nAnswer in prose\.$/);

    await setInstructions('Answer in one word.', body.id);
    const newAnswerId = randomUUID();
    const retry = { ...body, retryOf: answerId, answerId: newAnswerId };
    await (await user.send(retry)).readToEnd();
    expect(sentContents('system')[0]).toMatch(/\n\nAnswer in one word\.$/);

    await setInstructions(' ', body.id);
    expect(await settingsOf(body.id)).toMatchObject({ systemPrompt: null });
    const next = { id: body.id, parentId: newAnswerId };
    await (await user.send(user.messageBody('And now?', next))).readToEnd();
    expect(sentContents('system')[0]).not.toContain('instructions for this chat');
  });

  it('are sent to the model even if the clock of the database was set back', async () => {
    const { user, database } = installation;
    const settings = { systemPrompt: 'Answer in rhymes.' };
    const body = user.messageBody('[[scenario:tokens n=1]]', { settings });
    const first = await (await user.send(body)).readToEnd();
    const sql = postgres(database.url, { max: 1 });
    await sql`update message set created_at = now() + interval '1 hour' where id = ${body.message.id}`;
    await sql.end();
    const parentId = first.response.headers.get('x-message-id');
    await (await user.send(user.messageBody('And now?', { id: body.id, parentId }))).readToEnd();
    expect(sentContents('system')[0]).toMatch(/\n\nAnswer in rhymes\.$/);
  });

  it('are sent in the first message to a model without a system role', async () => {
    const { user } = installation;
    const settings = { systemPrompt: 'Answer in rhymes.' };
    const { models } = await user.json<ModelList>('/api/models');
    // A separate model, because the app remembers that it has no system role.
    const selectedChatModel = models.find(({ ref }) => ref !== user.model)?.ref;
    const text = '[[scenario:strict-roles n=2]] Hello';
    const body = user.messageBody(text, { settings, selectedChatModel });
    expect((await (await user.send(body)).readToEnd()).runEnded?.status).toBe('complete');
    expect(sentContents('system')).toEqual([]);
    expect(sentContents('user')[0]).toContain('Answer in rhymes.');
  });

  it('are sent to the model that writes a document', async () => {
    const { user } = installation;
    const marker = '[[scenario:tool name=createDocument args={"title":"Rivers","kind":"text"}]]';
    const body = user.messageBody(marker, { settings: { systemPrompt: 'Use metric units.' } });
    await (await user.send(body)).readToEnd();
    expect(sentContents('system', 'document')[0]).toMatch(/\n\nUse metric units\.$/);
  });

  it('are changed and read by the owner only, up to their maximum length', async () => {
    const { user, app, database } = installation;
    const body = user.messageBody('[[scenario:tokens n=1]]', {
      settings: { systemPrompt: 'A secret' },
    });
    await (await user.send(body)).readToEnd();
    const otherUser = await TestUser.createGuest(app.baseUrl);
    expect((await setInstructions('Mine now', body.id, otherUser)).status).toBe(404);
    expect((await otherUser.fetch(`/api/chat/${body.id}/settings`)).status).toBe(404);
    for (const invalid of ['x'.repeat(LIMITS.systemPromptChars + 1), 7, ['x'], {}]) {
      expect((await setInstructions(invalid, body.id)).status).toBe(400);
    }
    expect(await settingsOf(body.id)).toMatchObject({ systemPrompt: 'A secret' });
    const { chats } = await user.getHistory();
    expect(chats.find(({ id }) => id === body.id)).not.toHaveProperty('systemPrompt');

    await user.fetch(`/api/chat/${body.id}`, { method: 'DELETE' });
    const sql = postgres(database.url, { max: 1 });
    await sql`update chat set deleted_at = deleted_at - interval '2 days'`;
    await purgeChats(sql);
    expect(await sql`select id from chat where system_prompt = 'A secret'`).toEqual([]);
    await sql.end();
  });
});

describe('a tool call', () => {
  it('is executed, its result is delivered and sent to the model, and the next turn includes it', async () => {
    const { user } = installation;
    const body = user.messageBody(`[[scenario:tool name=getWeather args={"city":"Oslo"}]]`);
    const answer = await (await user.send(body)).readToEnd();
    expect(answer.text).toContain('The tool said:');
    const { messages } = await user.getChat(body.id);
    const call = messages[1]?.parts.find(({ type }) => type === 'tool-invocation');
    // Tests have no weather service: the model gets that error, and the run continues.
    expect(call).toMatchObject({
      toolInvocation: {
        toolName: 'getWeather',
        args: { city: 'Oslo' },
        state: 'result',
        result: { error: expect.stringContaining('not reachable') },
      },
    });
    const parentId = messages[1]?.id ?? null;
    const next = await user.send(
      user.messageBody('[[scenario:tokens n=1]]', { id: body.id, parentId }),
    );
    expect((await next.readToEnd()).runEnded?.status).toBe('complete');
  });

  it('that writes a document streams it, and the document is stored afterwards', async () => {
    const { user, app } = installation;
    const body = user.messageBody(
      `[[scenario:tool name=createDocument args={"title":"Rivers","kind":"text"}]]`,
    );
    const answer = await (await user.send(body)).readToEnd();
    const types = answer.events.map(({ type }) => type);
    expect(types.filter((type) => type !== 'title-updated').slice(0, 5)).toEqual([
      'kind',
      'language',
      'id',
      'title',
      'clear',
    ]);
    expect(types).toContain('finish');
    const written = answer.events
      .filter((event) => event.type === 'text-delta')
      .map((event) => event.content)
      .join('');
    const id = answer.events.find((event) => event.type === 'id')?.content;
    expect(await user.json(`/api/document/${id}`)).toMatchObject({
      id,
      chatId: body.id,
      title: 'Rivers',
      kind: 'text',
      content: written,
      version: 1,
    });
    expect(written).toContain('d29');
    const otherUser = await TestUser.createGuest(app.baseUrl);
    expect((await otherUser.fetch(`/api/document/${id}`)).status).toBe(404);
    expect((await user.fetch(`/api/document/${randomUUID()}`)).status).toBe(404);
  });
});
