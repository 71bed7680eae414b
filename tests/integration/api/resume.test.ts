import { describe, expect, it } from 'vitest';
import type { StoredMessage } from '@/lib/protocol/messages';
import { numberedTokens, readMessage, TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();

describe('a running answer', () => {
  it('continues when its reader disconnects and is complete afterwards', async () => {
    const { user, model } = installation;
    const body = user.messageBody('[[scenario:tokens n=40 hold=20]] left alone');
    const answer = await user.send(body);
    await answer.readUntilText('t3 ');
    await answer.disconnect();
    model.release();
    await waitUntil(async () => {
      const { messages } = await user.getChat(body.id);
      expect(messages[1]).toMatchObject({ status: 'complete', content: numberedTokens(40) });
    });
    const modelRequest = model.requests.find(
      ({ purpose, scenario }) => purpose === 'answer' && scenario.includes('n=40'),
    );
    expect(modelRequest?.endedBy).toBe('server');
  });

  it('is streamed from its beginning to every later reader', async () => {
    const { user, model } = installation;
    const body = user.messageBody('[[scenario:tokens n=60 hold=20]]');
    const first = await user.send(body);
    await first.readUntilText('t19 ');
    const second = await user.resume(body.id);
    const third = await user.resume(body.id);
    await second.readUntilText('t19 ');
    expect(second.text).toBe(numberedTokens(20));
    model.release();
    for (const answer of [first, second, third]) {
      await answer.readToEnd();
      expect(answer.text).toBe(numberedTokens(60));
      expect(answer.lines).toEqual(first.lines);
    }
  });

  it('is streamed from any line offset', async () => {
    const { user, model } = installation;
    const body = user.messageBody('[[scenario:tokens n=40 hold=20]]');
    const first = await user.send(body);
    await first.readUntilText('t5 ');
    const after = first.lines.length;
    await first.disconnect();
    const resumed = await user.resume(body.id, after);
    model.release();
    const fromOffset = await resumed.readToEnd();
    const fromStart = await (await user.resume(body.id, 1)).readToEnd();
    expect(first.text + fromOffset.text).toBe(numberedTokens(40));
    expect(fromStart.lines.slice(after - 1)).toEqual(fromOffset.lines);
  });

  it('is marked as running in the chat and as live in the history', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=60 hold=10]]');
    const answer = await user.send(body);
    await answer.readUntilText('t2 ');
    expect((await user.getChat(body.id)).messages[1]).toMatchObject({
      status: 'running',
      parts: [],
    });
    const live = async () => (await user.getHistory()).chats.find(({ id }) => id === body.id)?.live;
    expect(await live()).toBe(true);
    await user.stop(body.id);
    expect(await live()).toBe(false);
  });
});

describe('a finished answer', () => {
  it('is returned as the finished message under its own id', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=5]]');
    const sent = await (await user.send(body)).readToEnd();
    // After a restart the answer is read from the database, not from memory.
    await installation.app.stop();
    await installation.app.restart();
    const resumed = await (await user.resume(body.id)).readToEnd();
    const event = resumed.events.find(({ type }) => type === 'append-message');
    const message = JSON.parse((event as { message: string }).message) as StoredMessage;
    expect(readMessage(message)).toMatchObject({
      id: sent.response.headers.get('x-message-id'),
      content: numberedTokens(5),
      status: 'complete',
    });
    expect(resumed.lines.at(-1)).toMatch(/^d:/);
  });

  it('streams the missing lines to a reader that lost its connection just before the end', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=30]]');
    const sent = await (await user.send(body)).readToEnd();
    const fromOffset = await (await user.resume(body.id, 2)).readToEnd();
    expect(fromOffset.lines).toEqual(sent.lines.slice(2));
  });
});

describe('a resume without a running answer', () => {
  it('in a missing chat responds with "chat not found"', async () => {
    const { user } = installation;
    const answer = await user.resume('00000000-0000-4000-8000-000000000000');
    expect((await answer.readError()).code).toBe('chat_not_found');
  });

  it('by another user is rejected like one of a missing chat', async () => {
    const { user, app } = installation;
    const body = user.messageBody('[[scenario:tokens n=5]]');
    await (await user.send(body)).readToEnd();
    const otherUser = await TestUser.createGuest(app.baseUrl);
    expect(await (await otherUser.resume(body.id)).readError()).toMatchObject({
      status: 404,
      code: 'chat_not_found',
    });
  });
});
