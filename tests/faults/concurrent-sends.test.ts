import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelServer } from '@/tests/support/model-server';
import { Tab } from '@/tests/support/tab';
import { numberedTokens, TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpEnvironment } from './environment';

const ROUNDS = 5;

/** Two processes that share only PostgreSQL. */
describe('concurrent sends', () => {
  const environment = setUpEnvironment();
  let model: ModelServer;
  let userOnFirst: TestUser;
  let userOnSecond: TestUser;

  beforeAll(async () => {
    model = await environment.model();
    const env = { POSTGRES_URL: await environment.database(), OPENAI_BASE_URL: model.baseUrl };
    const apps = [await environment.app(env), await environment.app(env)] as const;
    userOnFirst = await TestUser.createGuest(apps[0].baseUrl);
    userOnSecond = userOnFirst.onServer(apps[1].baseUrl);
  });

  /** Counts answer requests for this message that the app did not abort. */
  const countAnswerRequests = (text: string) =>
    model.requests.filter(
      ({ purpose, body, endedBy }) =>
        purpose === 'answer' && endedBy !== 'client' && JSON.stringify(body).includes(text),
    ).length;

  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

  it('of the same message, twice on each of two processes, start one answer', async () => {
    for (const round of rounds) {
      const text = `[[scenario:tokens n=80 hold=40]] same ${round}.`;
      const body = userOnFirst.messageBody(text);
      const tabs = await Promise.all(
        [userOnFirst, userOnSecond, userOnFirst, userOnSecond].map((user) => Tab.send(user, body)),
      );
      // All sends but the first one have aborted their requests to the model.
      await waitUntil(() => expect(countAnswerRequests(text)).toBe(1));
      model.release();
      for (const tab of tabs) {
        expect(await tab.connectionEnd).toBe('ended');
        expect(tab.text).toBe(numberedTokens(80));
      }
      expect(countAnswerRequests(text)).toBe(1);
      for (const user of [userOnFirst, userOnSecond]) {
        expect((await user.getChat(body.id)).messages).toHaveLength(2);
      }
    }
  });

  it('of two different messages start one answer, and the other send gets a conflict', async () => {
    for (const round of rounds) {
      const first = userOnFirst.messageBody('[[scenario:tokens n=3]]');
      const parentId = (await (await userOnFirst.send(first)).readToEnd()).response.headers.get(
        'x-message-id',
      );
      const next = (word: string) =>
        userOnFirst.messageBody(`[[scenario:tokens n=20 rate=100]] ${word} ${round}.`, {
          id: first.id,
          parentId,
        });
      const [one, two] = [next('one'), next('two')];
      const answers = await Promise.all([userOnFirst.send(one), userOnSecond.send(two)]);
      const rejected = answers.filter(({ ok }) => !ok);
      expect(rejected).toHaveLength(1);
      const error = await rejected[0]?.readError();
      expect(error?.status).toBe(409);
      expect(['run_in_progress', 'chat_changed']).toContain(error?.code);
      await answers.find(({ ok }) => ok)?.readToEnd();
      const { messages } = await userOnSecond.getChat(first.id);
      expect(messages.map(({ status }) => status)).toEqual(Array(4).fill('complete'));
      // The rejected message can be sent again after the other one.
      const [rejectedBody, sender] = answers[0]?.ok ? [two, userOnSecond] : [one, userOnFirst];
      const retry = { ...rejectedBody, parentId: messages.at(-1)?.id ?? null };
      expect((await (await sender.send(retry)).readToEnd()).text).toBe(numberedTokens(20));
      expect((await userOnFirst.getChat(first.id)).messages).toHaveLength(6);
    }
  });

  it('whose response was lost get the existing answer on the other process', async () => {
    const text = '[[scenario:tokens n=60 hold=30]] once only.';
    const body = userOnFirst.messageBody(text);
    const abortController = new AbortController();
    const lostRequest = userOnFirst.fetch('/api/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: abortController.signal,
    });
    lostRequest.catch(() => {});
    await waitUntil(() => expect(countAnswerRequests(text)).toBe(1));
    abortController.abort();
    const retry = await userOnSecond.send(body);
    await waitUntil(() => expect(countAnswerRequests(text)).toBe(1));
    model.release();
    expect((await retry.readToEnd()).text).toBe(numberedTokens(60));
    const late = await userOnFirst.send(body);
    await late.readToEnd();
    expect(countAnswerRequests(text)).toBe(1);
    expect((await userOnFirst.getChat(body.id)).messages).toHaveLength(2);
  });

  it('from an outdated tab on another process are rejected, and nothing is overwritten', async () => {
    const first = userOnFirst.messageBody('[[scenario:tokens n=3]]');
    const parentId = (await (await userOnFirst.send(first)).readToEnd()).response.headers.get(
      'x-message-id',
    );
    const next = userOnFirst.messageBody('[[scenario:tokens n=3]]', { id: first.id, parentId });
    await (await userOnSecond.send(next)).readToEnd();
    const before = (await userOnFirst.getChat(first.id)).messages;
    const stale = await userOnFirst.send(
      userOnFirst.messageBody('stale', { id: first.id, parentId }),
    );
    expect(await stale.readError()).toMatchObject({ status: 409, code: 'chat_changed' });
    expect((await userOnSecond.getChat(first.id)).messages).toEqual(before);
  });
});
