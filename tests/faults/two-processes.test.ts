import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { wasAheadOfCommitsAt } from '@/tests/support/early-delivery';
import type { ModelServer } from '@/tests/support/model-server';
import { SERVED_BY, startRoundRobin } from '@/tests/support/round-robin-balancer';
import type { TestApp } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpEnvironment } from './environment';
import { expectContains, expectContiguousTokens, expectExactTokens } from './expect-stored';

describe.each(['with Redis', 'without Redis'])(
  'two processes behind a load balancer, %s',
  (redisMode) => {
    const environment = setUpEnvironment();
    let model: ModelServer;
    let first: TestApp;
    /** The same user through the balancer and directly on each process. */
    let userViaBalancer: TestUser;
    let userOnFirst: TestUser;
    let userOnSecond: TestUser;

    beforeAll(async () => {
      model = await environment.model();
      const env: Record<string, string> = {
        POSTGRES_URL: await environment.database(),
        OPENAI_BASE_URL: model.baseUrl,
        ...(redisMode === 'with Redis' && { REDIS_URL: (await environment.redis()).url }),
      };
      first = await environment.app(env);
      const second = await environment.app(env);
      const balancer = await startRoundRobin([first.port, second.port]);
      environment.addCleanup(balancer.stop);
      userViaBalancer = await TestUser.createGuest(balancer.baseUrl);
      userOnFirst = userViaBalancer.onServer(first.baseUrl);
      userOnSecond = userViaBalancer.onServer(second.baseUrl);
    });

    it('serve the complete answer live to every tab, whichever process handles its requests', async () => {
      const body = userViaBalancer.messageBody('[[scenario:tokens n=150 hold=20,100 rate=100]]');
      const sent = await Tab.send(userOnFirst, body);
      await sent.waitForText('t19 ');
      const servers = new Set<string | null>();
      for (let i = 0; i < 2; i++) {
        const response = await userViaBalancer.fetch(`/api/chat?chatId=${body.id}`);
        servers.add(response.headers.get(SERVED_BY));
        await response.body?.cancel();
      }
      expect(servers.size).toBe(2);
      const followers = [
        await Tab.open(userOnSecond, body.id),
        await Tab.open(userViaBalancer, body.id),
      ];
      model.release();
      // Live: the followers receive all text so far while the answer is held.
      for (const tab of [sent, ...followers]) {
        await tab.waitForText('t99 ');
        expect(tab.runEnded).toBeUndefined();
      }
      model.release();
      for (const tab of [sent, ...followers]) {
        expect(await tab.connectionEnd).toBe('ended');
        expect(tab.lines).toEqual(sent.lines);
      }
      expectExactTokens(sent.text, 150);
      for (const user of [userOnFirst, userOnSecond]) {
        expectExactTokens((await user.getChat(body.id)).messages[1]?.content, 150);
      }
    });

    it('stop each other’s answers, which aborts the model request and keeps the partial answer', async () => {
      for (const scenario of [
        ...['tokens n=5000 rate=50', 'hang at=headers', 'tokens n=40000 rate=500'],
        ...['hang at=first-token', 'reasoning thoughts=5000 rate=50'],
      ]) {
        await stopFrom(userOnSecond, scenario);
        await stopFrom(userOnFirst, scenario);
      }
    });

    async function stopFrom(stopper: TestUser, scenario: string): Promise<void> {
      model.requests.length = 0;
      const body = userViaBalancer.messageBody(`[[scenario:${scenario}]]`);
      const tab = await Tab.send(userOnFirst, body);
      const modelRequest = await waitUntil(() => {
        const found = model.requests.find(
          (request) => request.purpose === 'answer' && request.scenario === scenario,
        );
        expect(found).toBeDefined();
        return found;
      });
      await sleep(300);
      await stopper.stop(body.id);
      await waitUntil(() => expect(modelRequest?.endedBy).toBe('client'));
      expect(await tab.connectionEnd).toBe('ended');
      expect(tab.runEnded?.status).toBe('stopped');
      const storedAnswer = (await userOnSecond.getChat(body.id)).messages[1];
      expect(storedAnswer).toMatchObject({ status: 'stopped', content: tab.text });
    }

    it('notify followers on the other process when the writer dies', async () => {
      let answers = await killWriterDuringAnswers();
      // Frames that a busy machine delivers before their commit may be lost: that round does not count.
      for (let attempt = 0; attempt < 8 && answers === null; attempt += 1) {
        await first.restart();
        answers = await killWriterDuringAnswers();
      }
      if (answers === null) throw new Error('The machine is too busy: no commit came in time.');
      for (const { body, sent, follower } of answers) {
        expect(await follower.connectionEnd).toBe('ended');
        expect(follower.runEnded).toMatchObject({
          status: 'interrupted',
          error: { code: 'interrupted' },
        });
        const storedAnswer = (await userViaBalancer.getChat(body.id)).messages[1];
        expect(storedAnswer?.status).toBe('interrupted');
        expect(follower.text).toBe(storedAnswer?.content);
        expectContiguousTokens(follower.text);
        await sent.connectionEnd;
        // The tab whose server died resumes on the other one, as the page does.
        await sent.readToEnd(userViaBalancer);
        for (const tab of [sent, follower]) expectContains(storedAnswer, tab.foldedMessage.parts);
      }
      // The chat is not blocked: the next message gets its answer.
      const { body } = answers[0] as NonNullable<typeof answers>[number];
      const parentId = (await userViaBalancer.getChat(body.id)).messages.at(-1)?.id ?? null;
      const next = userViaBalancer.messageBody('[[scenario:tokens n=5]]', {
        id: body.id,
        parentId,
      });
      expectExactTokens(
        (await (await Tab.send(userViaBalancer, next)).readToEnd(userViaBalancer)).text,
        5,
      );
      await first.restart();
    });

    /** Null if the writer delivered frames before their commit when it was killed. */
    async function killWriterDuringAnswers() {
      const logStart = first.logs().length;
      const answers = await Promise.all(
        [
          'tokens n=20000 rate=60',
          'tokens n=50 delay=120000',
          'reasoning thoughts=20000 rate=60',
        ].map(async (scenario) => {
          const body = userViaBalancer.messageBody(`[[scenario:${scenario}]]`);
          const sent = await Tab.send(userOnFirst, body);
          return { body, sent, follower: await Tab.open(userOnSecond, body.id) };
        }),
      );
      await sleep(1_000);
      const killedAt = Date.now();
      await first.kill9();
      return wasAheadOfCommitsAt(killedAt, first.logs().slice(logStart)) ? null : answers;
    }
  },
);
