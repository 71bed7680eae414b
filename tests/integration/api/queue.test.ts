import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS, type QueuedMessage } from '@/lib/protocol/api';
import { QueueTab } from '@/tests/support/queue-tab';
import { startApp, type TestApp } from '@/tests/support/services';
import { TestUser } from '@/tests/support/test-user';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();
/** Another process on the same database. */
let second: TestApp;

beforeAll(async () => {
  const { database, model } = installation;
  second = await startApp({
    env: { POSTGRES_URL: database.url, OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'error' },
  });
});
afterAll(() => second?.stop());

/** Starts an answer that waits for its release, and opens the chat in two tabs. */
async function openHeldAnswer(scenario = 'tokens n=4 hold=2') {
  const { user } = installation;
  const body = user.messageBody(`[[scenario:${scenario}]] ${randomUUID()}`);
  const answer = await user.send(body);
  await answer.readUntilText('t1 ');
  return {
    answer,
    first: body.message.parts[0].text,
    one: new QueueTab(user, body.id),
    two: new QueueTab(user.onServer(second.baseUrl), body.id),
  };
}

const idOf = (queued: unknown, index: number) => (queued as QueuedMessage[])[index]?.id as string;
const errorWith = (code: string) => ({ code, message: expect.any(String) });

describe('queued messages', () => {
  it('are the same in two tabs on two processes, and are sent in order, each after a good answer', async () => {
    const { first, one, two } = await openHeldAnswer();
    await one.add('one');
    await two.add('two');
    const queued = await one.add('three');
    expect(await two.texts()).toEqual(['one', 'two', 'three']);
    await two.edit(idOf(queued, 0), 'one, changed');
    await one.move(idOf(queued, 2), 0);
    await two.add('deleted');
    await one.delete(idOf(await two.list(), 3));
    expect(await two.texts()).toEqual(['three', 'one, changed', 'two']);
    expect((await one.list()).map(({ answerStatus }) => answerStatus)).toEqual(
      Array(3).fill('running'),
    );

    installation.model.release();
    await one.waitUntilSent();
    expect(await two.sentTexts()).toEqual([first, 'three', 'one, changed', 'two']);
    const { messages } = await installation.user.getChat(one.chatId);
    expect(messages.every(({ status }) => status === 'complete')).toBe(true);
    // The queued id is the id of the message.
    expect(messages[2]?.id).toBe(idOf(queued, 2));
  });

  it.each(['stop', 'failure'])(
    'are not sent after a %s, until the user asks for it',
    async (end) => {
      const scenario = end === 'stop' ? 'tokens n=9 hold=2' : 'disconnect after=2 hold=2';
      const { answer, first, one, two } = await openHeldAnswer(scenario);
      await one.add('one');
      await one.add('two');
      if (end === 'stop') await installation.user.stop(one.chatId);
      else installation.model.release();
      await answer.readToEnd();
      const queued = await two.list();
      const status = end === 'stop' ? 'stopped' : 'failed';
      expect(queued.map(({ answerStatus }) => answerStatus)).toEqual([status, status]);

      await two.sendNow(queued[0] as QueuedMessage);
      await one.waitUntilSent();
      expect(await one.sentTexts()).toEqual([first, 'one', 'two']);
    },
  );

  it('are sent now after the running answer is stopped with what was delivered of it', async () => {
    const { answer, first, one, two } = await openHeldAnswer();
    const [queued] = (await one.add('now')) as [QueuedMessage];
    // On the process that does not run the answer; a repetition changes nothing.
    await Promise.all([two.sendNow(queued), one.sendNow(queued)]);
    await answer.readToEnd();
    await one.waitUntilSent();
    expect(await one.sentTexts()).toEqual([first, 'now']);
    const [, stopped] = (await installation.user.getChat(one.chatId)).messages;
    expect(stopped).toMatchObject({ status: 'stopped', content: 't0 t1 ' });
    expect(await two.sendNow(queued)).toEqual([]);
  });

  it('do not stop an answer other than the one that the page displays', async () => {
    const { one } = await openHeldAnswer();
    const [queued] = (await one.add('[[scenario:tokens n=4 hold=2]]')) as [QueuedMessage];
    await one.add('last');
    const [, last] = await one.list();
    await one.sendNow(queued);
    expect(await one.sendNow(last as QueuedMessage)).toEqual(errorWith('chat_changed'));
    expect(await one.list()).toMatchObject([{ text: 'last', answerStatus: 'running' }]);
    installation.model.release();
    await one.waitUntilSent();
  });

  it('stay with the answer that is regenerated or continued', async () => {
    const { answer, first, one } = await openHeldAnswer('tokens n=6 hold=2,4');
    await one.add('next');
    const { user, model } = installation;
    await user.stop(one.chatId);
    await answer.readToEnd();
    const [userMessage, stopped] = (await user.getChat(one.chatId)).messages;
    const at = { id: one.chatId, messageId: userMessage?.id };
    const continued = await user.send(user.messageBody('', { ...at, continueOf: stopped?.id }));
    await continued.readUntilText('t3 ');
    expect(await one.list()).toMatchObject([{ answerId: stopped?.id, answerStatus: 'running' }]);
    await user.stop(one.chatId);
    await continued.readToEnd();
    const answerId = randomUUID();
    const regenerated = await user.send(
      user.messageBody('', { ...at, retryOf: stopped?.id, answerId }),
    );
    await regenerated.readUntilText('t1 ');
    expect(await one.list()).toMatchObject([{ answerId, answerStatus: 'running' }]);
    model.release();
    await regenerated.readUntilText('t3 ');
    model.release();
    await one.waitUntilSent();
    expect(await one.sentTexts()).toEqual([first, 'next']);
  });

  it('belong to their branch: they are sent there and select nothing', async () => {
    const { first, one } = await openHeldAnswer();
    const { user, model } = installation;
    const [userMessage, running] = (await user.getChat(one.chatId)).messages;
    await one.add('on the first branch');
    const edited = user.messageBody('edited', {
      ...{ id: one.chatId, editOf: userMessage?.id, branchEnd: running?.id },
    });
    await (await user.send(edited)).readToEnd();
    model.release();
    await one.waitUntilSent();
    expect(await one.sentTexts()).toEqual(['edited']);
    await user.fetch(`/api/chat/${one.chatId}/branch`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messageId: userMessage?.id }),
    });
    expect(await one.sentTexts()).toEqual([first, 'on the first branch']);
  });

  it('are sent immediately if the answer has ended well before they arrive', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=2]] a');
    await (await user.send(body)).readToEnd();
    const tab = new QueueTab(user, body.id);
    const ended = (await user.getChat(body.id)).messages[1]?.id as string;
    await Promise.all([
      tab.add('late', { answerId: ended }),
      tab.add('later', { answerId: ended }),
    ]);
    await tab.waitUntilSent();
    expect((await tab.sentTexts()).slice(1).sort()).toEqual(['late', 'later']);
  });

  it('that were sent in another way with the same id are not sent again', async () => {
    const { answer, first, one } = await openHeldAnswer();
    const { user } = installation;
    const id = randomUUID();
    await one.add('once', { id });
    await user.stop(one.chatId);
    await answer.readToEnd();
    const [userMessage, stopped] = (await user.getChat(one.chatId)).messages;
    const direct = { id: one.chatId, messageId: id, parentId: stopped?.id ?? null };
    await (await user.send(user.messageBody('once', direct))).readToEnd();
    await one.waitUntilSent();
    expect(await one.sentTexts()).toEqual([first, 'once']);
    expect(userMessage?.content).toBe(first);
  });

  it('are limited to 100 of a chat, and each is queued once per id', async () => {
    const { one, two } = await openHeldAnswer();
    const id = randomUUID();
    const [first] = (await one.add('message 0')) as [QueuedMessage];
    await two.add('message 1', { id });
    const sql = postgres(installation.database.url, { max: 1 });
    await sql`
      insert into queued_message (id, chat_id, answer_id, position, text)
      select gen_random_uuid(), ${one.chatId}, ${first.answerId}, n + 1, 'message ' || n
      from generate_series(2, ${LIMITS.queuedMessages - 2}::int) as n`;
    await sql.end();
    expect(await one.add('message 99')).toHaveLength(LIMITS.queuedMessages);
    expect(await one.add('message 1', { id })).toHaveLength(LIMITS.queuedMessages);
    expect(await one.add('one more')).toEqual(errorWith('queue_full'));
    expect(await two.texts()).toEqual(
      Array.from({ length: LIMITS.queuedMessages }, (_, index) => `message ${index}`),
    );
    expect(await one.move(id, 99)).toHaveLength(LIMITS.queuedMessages);
    expect((await two.texts()).at(-1)).toBe('message 1');
    await installation.user.fetch(`/api/chat/${one.chatId}`, { method: 'DELETE' });
    const response = await installation.user.fetch(`/api/chat/${one.chatId}/queue`);
    expect(response.status).toBe(404);
  });

  it('are rejected if they are blank, too long, or of another user', async () => {
    const { one } = await openHeldAnswer();
    const [queued] = (await one.add('mine')) as [QueuedMessage];
    expect(await one.add(' \n ')).toEqual(errorWith('message_empty'));
    expect(await one.edit(queued.id, '')).toEqual(errorWith('message_empty'));
    const tooLong = 'x'.repeat(LIMITS.messageChars + 1);
    expect(await one.add(tooLong)).toEqual(errorWith('message_too_long'));
    expect(await one.edit(randomUUID(), 'text')).toEqual(errorWith('not_queued'));
    expect(await one.add('text', { answerId: randomUUID() })).toEqual(errorWith('chat_changed'));
    const { app } = installation;
    const other = await TestUser.createGuest(app.baseUrl);
    const foreign = new QueueTab(other, one.chatId);
    for (const result of [
      foreign.edit(queued.id, 'text'),
      foreign.delete(queued.id),
      foreign.sendNow(queued),
    ])
      expect(await result).toEqual(errorWith('chat_not_found'));
    expect(await one.texts()).toEqual(['mine']);
    await installation.user.stop(one.chatId);
  });
});
