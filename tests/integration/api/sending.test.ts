import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { installation } from './fixture';
import { eventually, numbers, Person } from './person';

const at = installation();

describe('a message', () => {
  it('gets an answer that streams, and that is saved with its parts, model, usage and end', async () => {
    const { person } = at;
    const body = person.message('[[scenario:reasoning n=40 thoughts=3 rate=100]]');
    const answer = await person.send(body);
    const begun = await answer.until('t3 ');
    expect(begun.text).not.toContain('t39');
    await answer.whole();
    expect(answer.text).toBe(numbers(40));
    expect(answer.lines[0]).toMatch(/^f:/);
    expect(answer.lines.at(-1)).toMatch(/^d:/);

    const { messages } = await person.chat(body.id);
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatchObject({ id: body.message.id, role: 'user', status: 'complete' });
    expect(messages[1]).toMatchObject({
      role: 'assistant',
      status: 'complete',
      content: numbers(40),
      parentId: body.message.id,
      modelRef: person.model,
      parts: [
        { type: 'step-start' },
        { type: 'reasoning', reasoning: 'r0 r1 r2 ', ms: expect.any(Number) },
        { type: 'text', text: numbers(40) },
      ],
      annotations: [{ type: 'run-ended', status: 'complete', finishReason: 'stop' }],
    });
    expect(messages[1]?.annotations[0]?.usage?.completionTokens).toBeGreaterThan(0);
  });

  it('is answered with the whole conversation before it', async () => {
    const { person, model } = at;
    const first = person.message('My name is Ada.');
    const answer = await (await person.send(first)).whole();
    const parentId = answer.response.headers.get('x-message-id');
    await (await person.send(person.message('Who am I?', { id: first.id, parentId }))).whole();
    const asked = model.requests.findLast(({ purpose }) => purpose === 'answer');
    const said = asked?.body.messages.slice(1).map(({ role, content }) => [role, content]);
    expect(JSON.stringify(said)).toContain('My name is Ada.');
    expect(said?.map(([role]) => role)).toEqual(['user', 'assistant', 'user']);
    expect((await person.chat(first.id)).messages).toHaveLength(4);
  });

  it('that is sent twice is answered once, and both senders get all of it', async () => {
    const { person, model } = at;
    const body = person.message('[[scenario:tokens n=30 rate=60]] twice');
    const first = await person.send(body);
    await first.until('t3 ');
    const second = await person.send(body);
    expect(second.response.headers.get('x-run-id')).toBe(first.response.headers.get('x-run-id'));
    expect((await first.whole()).text).toBe(numbers(30));
    expect((await second.whole()).text).toBe(numbers(30));
    const third = await (await person.send(body)).whole();
    expect(third.ok).toBe(true);
    const asked = model.requests.filter(({ body: { messages } }) =>
      JSON.stringify(messages).includes('twice'),
    );
    expect(asked.filter(({ purpose }) => purpose === 'answer')).toHaveLength(1);
    expect((await person.chat(body.id)).messages).toHaveLength(2);
  });

  it('waits for nobody: two at once leave one run, and the other is told', async () => {
    const { person } = at;
    const first = person.message('[[scenario:tokens n=5]]');
    const parentId = (await (await person.send(first)).whole()).response.headers.get(
      'x-message-id',
    );
    const both = await Promise.all(
      ['one', 'two'].map((word) =>
        person.send(
          person.message(`[[scenario:tokens n=20 rate=40]] ${word}`, { id: first.id, parentId }),
        ),
      ),
    );
    const refused = both.filter(({ ok }) => !ok);
    expect(refused).toHaveLength(1);
    expect(await refused[0]?.refusal()).toMatchObject({ status: 409 });
    await both.find(({ ok }) => ok)?.whole();
    // What was refused has left nothing behind.
    expect((await person.chat(first.id)).messages).toHaveLength(4);
  });

  it('from a tab that has not seen the newest answer is refused, and nothing is overwritten', async () => {
    const { person } = at;
    const first = person.message('[[scenario:tokens n=3]]');
    await (await person.send(first)).whole();
    const stale = await person.send(person.message('stale', { id: first.id, parentId: null }));
    expect(await stale.refusal()).toMatchObject({ status: 409, code: 'conversation_moved' });
    expect((await person.chat(first.id)).messages).toHaveLength(2);
  });

  it('that failed is answered anew by a retry, and only the new answer is shown', async () => {
    const { person } = at;
    const body = person.message('[[scenario:status code=500 times=3 n=4]] once more');
    const failed = await (await person.send(body)).whole();
    expect(failed.ending).toMatchObject({ status: 'failed', error: { code: 'endpoint_failed' } });
    const retryOf = failed.response.headers.get('x-message-id') as string;
    const retry = { ...body, retryOf, answerId: randomUUID() };
    await (await person.send(retry)).whole();
    const again = (await person.chat(body.id)).messages;
    expect(again).toHaveLength(2);
    expect(again[1]?.id).toBe(retry.answerId);
    // The same retry again, as from a second click, follows the answer that it made.
    const repeated = await (await person.send(retry)).whole();
    expect(repeated.response.headers.get('x-message-id')).toBe(again[1]?.id);
  });

  it('in any script, with characters that Postgres cannot keep, loses nothing else', async () => {
    const { person } = at;
    const text = 'नमस्ते 👩‍🚀 שלום \u0000 \ud83d end';
    const body = person.message(text);
    await (await person.send(body)).whole();
    const { messages } = await person.chat(body.id);
    expect(messages[0]?.content).toBe('नमस्ते 👩‍🚀 שלום  \ufffd end');
  });
});

describe('the title of a new chat', () => {
  it('is made by the model, saved, told to the reader, and in the history', async () => {
    const { person, model } = at;
    const body = person.message(
      '[[title:text="Knots and ropes"]] [[scenario:tokens n=30 hold=10]]',
    );
    const answer = await person.send(body);
    await answer.until('title-updated');
    model.release();
    await answer.whole();
    expect(answer.events).toContainEqual({ type: 'title-updated', content: 'Knots and ropes' });
    const { chats } = await person.history();
    expect(chats.find(({ id }) => id === body.id)).toMatchObject({
      title: 'Knots and ropes',
      titlePending: false,
    });
  });

  it('comes in its own time: a slow one holds up neither the first token nor the end', async () => {
    const { person } = at;
    const body = person.message('[[title:delay=6000 text="Late title"]] [[scenario:tokens n=5]]');
    await (await person.send(body)).whole();
    expect((await person.chat(body.id)).chat.title).not.toBe('Late title');
    await eventually(async () => {
      expect((await person.chat(body.id)).chat.title).toBe('Late title');
    });
  });

  it('is the first words of the message where the model gives none', async () => {
    const { person } = at;
    const body = person.message('[[title:status=500]] How do I tie a bowline?');
    await (await person.send(body)).whole();
    await eventually(async () => {
      const { chat } = await person.chat(body.id);
      expect(chat.titlePending).toBe(false);
      expect(chat.title).toContain('How do I tie');
    });
  });

  it('given by the person stays', async () => {
    const { person } = at;
    const body = person.message('[[title:delay=500 text="By the model"]] [[scenario:tokens n=2]]');
    await (await person.send(body)).whole();
    await person.json(`/api/chat/${body.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'By me' }),
    });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect((await person.chat(body.id)).chat.title).toBe('By me');
  });
});

describe('a tool', () => {
  it('is called, its result is shown and goes back to the model, and the next turn has it', async () => {
    const { person } = at;
    const body = person.message(`[[scenario:tool name=getWeather args={"city":"Oslo"}]]`);
    const answer = await (await person.send(body)).whole();
    expect(answer.text).toContain('The tool said:');
    const { messages } = await person.chat(body.id);
    const call = messages[1]?.parts.find(({ type }) => type === 'tool-invocation');
    // There is no weather service in a test's network: the model is told so, and the run goes on.
    expect(call).toMatchObject({
      toolInvocation: {
        toolName: 'getWeather',
        args: { city: 'Oslo' },
        state: 'result',
        result: { error: expect.stringContaining('not reachable') },
      },
    });
    const parentId = messages[1]?.id ?? null;
    const next = await person.send(
      person.message('[[scenario:tokens n=1]]', { id: body.id, parentId }),
    );
    expect((await next.whole()).ending?.status).toBe('complete');
  });

  it('that writes a document does it live, and the document is there afterwards', async () => {
    const { person, app } = at;
    const body = person.message(
      `[[scenario:tool name=createDocument args={"title":"Rivers","kind":"text"}]]`,
    );
    const answer = await (await person.send(body)).whole();
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
    expect(await person.json(`/api/document/${id}`)).toMatchObject({
      id,
      chatId: body.id,
      title: 'Rivers',
      kind: 'text',
      content: written,
      version: 1,
    });
    expect(written).toContain('d29');
    const stranger = await Person.arrive(app.baseUrl);
    expect((await stranger.fetch(`/api/document/${id}`)).status).toBe(404);
    expect((await person.fetch(`/api/document/${randomUUID()}`)).status).toBe(404);
  });
});
