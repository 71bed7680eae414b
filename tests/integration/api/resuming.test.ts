import { describe, expect, it } from 'vitest';
import type { StoredMessage } from '@/lib/protocol/messages';
import { installation } from './fixture';
import { eventually, numbers, Person } from './person';

const at = installation();

describe('an answer that is being made', () => {
  it('goes on when its reader leaves, and is all there afterwards', async () => {
    const { person, model } = at;
    const body = person.message('[[scenario:tokens n=40 rate=80]] left alone');
    const answer = await person.send(body);
    await answer.until('t3 ');
    await answer.leave();
    await eventually(async () => {
      const { messages } = await person.chat(body.id);
      expect(messages[1]).toMatchObject({ status: 'complete', content: numbers(40) });
    });
    const asked = model.requests.find((request) => request.scenario.includes('n=40'));
    expect(asked?.endedBy).toBe('server');
  });

  it('is given whole and live to whoever comes later, as often as they come', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=60 rate=80]]');
    const first = await person.send(body);
    await first.until('t10 ');
    const second = await person.resume(body.id);
    const third = await person.resume(body.id);
    await second.until('t0 ');
    expect(second.text.startsWith(numbers(10))).toBe(true);
    for (const answer of [first, second, third]) {
      await answer.whole();
      expect(answer.text).toBe(numbers(60));
      expect(answer.lines).toEqual(first.lines);
    }
  });

  it('is given from any line on', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=40 rate=80]]');
    const first = await person.send(body);
    await first.until('t5 ');
    const after = first.lines.length;
    await first.leave();
    const rest = await (await person.resume(body.id, after)).whole();
    const whole = await (await person.resume(body.id, 1)).whole();
    expect(first.text + rest.text).toBe(numbers(40));
    expect(whole.lines.slice(after - 1)).toEqual(rest.lines);
  });

  it('is marked as running in the chat and as live in the history', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=60 rate=60]]');
    const answer = await person.send(body);
    await answer.until('t2 ');
    expect((await person.chat(body.id)).messages[1]).toMatchObject({
      status: 'running',
      parts: [],
    });
    const live = async () => (await person.history()).chats.find(({ id }) => id === body.id)?.live;
    expect(await live()).toBe(true);
    await person.stop(body.id);
    expect(await live()).toBe(false);
  });
});

describe('an answer that is over', () => {
  it('comes as the finished message, under its own id', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=5]]');
    const sent = await (await person.send(body)).whole();
    // As another process would see it, or this one after a while: not from memory.
    await at.app.stop();
    await at.app.restart();
    const resumed = await (await person.resume(body.id)).whole();
    const event = resumed.events.find(({ type }) => type === 'append-message');
    const message = JSON.parse((event as { message: string }).message) as StoredMessage;
    expect(message).toMatchObject({
      id: sent.response.headers.get('x-message-id'),
      content: numbers(5),
      status: 'complete',
    });
    expect(resumed.lines.at(-1)).toMatch(/^d:/);
  });

  it('gives the lines that a reader lacked when it lost the connection just before the end', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=30]]');
    const sent = await (await person.send(body)).whole();
    const rest = await (await person.resume(body.id, 2)).whole();
    expect(rest.lines).toEqual(sent.lines.slice(2));
  });
});

describe('nothing to resume', () => {
  it('is an empty answer, not an error', async () => {
    const { person } = at;
    const answer = await person.resume('00000000-0000-4000-8000-000000000000');
    expect((await answer.refusal()).code).toBe('chat_not_found');
  });

  it('for somebody else is the same as nothing there', async () => {
    const { person, app } = at;
    const body = person.message('[[scenario:tokens n=5]]');
    await (await person.send(body)).whole();
    const stranger = await Person.arrive(app.baseUrl);
    expect(await (await stranger.resume(body.id)).refusal()).toMatchObject({
      status: 404,
      code: 'chat_not_found',
    });
  });
});
