import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually, Person } from '@/tests/integration/api/person';
import type { ModelServer } from '@/tests/support/model-server';
import { SERVED_BY, startRoundRobin } from '@/tests/support/round-robin';
import type { TestApp } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { expectCounted, expectExactly, expectHolds } from './kept';
import { setStage } from './stage';

describe.each(['with Redis', 'without Redis'])('two processes behind a balancer, %s', (how) => {
  const stage = setStage();
  let model: ModelServer;
  let first: TestApp;
  /** The same person by way of the balancer, and straight at either process. */
  let balanced: Person;
  let onFirst: Person;
  let onSecond: Person;

  beforeAll(async () => {
    model = await stage.model();
    const env: Record<string, string> = {
      POSTGRES_URL: await stage.database(),
      OPENAI_BASE_URL: model.baseUrl,
      ...(how === 'with Redis' && { REDIS_URL: (await stage.redis()).url }),
    };
    first = await stage.app(env);
    const second = await stage.app(env);
    const balancer = await startRoundRobin([first.port, second.port]);
    stage.onEnd(balancer.stop);
    balanced = await Person.arrive(balancer.baseUrl);
    onFirst = balanced.at(first.baseUrl);
    onSecond = balanced.at(second.baseUrl);
  });

  it('are one: every tab has the whole answer, live, wherever its requests land', async () => {
    const body = balanced.message('[[scenario:tokens n=150 rate=50]]');
    const sent = await Tab.send(onFirst, body);
    await sent.until('t10 ');
    const servers = new Set<string | null>();
    for (let i = 0; i < 2; i++) {
      const response = await balanced.fetch(`/api/chat?chatId=${body.id}`);
      servers.add(response.headers.get(SERVED_BY));
      await response.body?.cancel();
    }
    expect(servers.size).toBe(2);
    const followers = [await Tab.open(onSecond, body.id), await Tab.open(balanced, body.id)];
    await sent.until('t100 ');
    // Live: what the writer's own reader has, the others have a moment later.
    await sleep(500);
    for (const tab of followers) expect(tab.text).toContain('t100 ');
    for (const tab of [sent, ...followers]) {
      expect(await tab.over).toBe('ended');
      expect(tab.lines).toEqual(sent.lines);
    }
    expectExactly(sent.text, 150);
    for (const person of [onFirst, onSecond]) {
      expectExactly((await person.chat(body.id)).messages[1]?.content, 150);
    }
  });

  it('stop from each other: the connection to the model closes, and the partial answer stays', async () => {
    for (const scenario of [
      ...['tokens n=5000 rate=50', 'hang at=headers', 'tokens n=4000 rate=500'],
      ...['hang at=first-token', 'reasoning thoughts=5000 rate=50'],
    ]) {
      await stopFrom(onSecond, scenario);
      await stopFrom(onFirst, scenario);
    }
  });

  async function stopFrom(stopper: Person, scenario: string): Promise<void> {
    model.requests.length = 0;
    const body = balanced.message(`[[scenario:${scenario}]]`);
    const tab = await Tab.send(onFirst, body);
    const asked = await eventually(() => {
      const found = model.requests.find((request) => request.scenario === scenario);
      expect(found).toBeDefined();
      return found;
    });
    await sleep(300);
    await stopper.stop(body.id);
    await eventually(() => expect(asked?.endedBy).toBe('client'));
    expect(await tab.over).toBe('ended');
    expect(tab.ending?.status).toBe('stopped');
    const kept = (await onSecond.chat(body.id)).messages[1];
    expect(kept).toMatchObject({ status: 'stopped', content: tab.text });
  }

  it('outlive each other: when the writer dies, followers elsewhere are told', async () => {
    const answers = await Promise.all(
      ['tokens n=5000 rate=60', 'tokens n=50 delay=20000', 'reasoning thoughts=5000 rate=60'].map(
        async (scenario) => {
          const body = balanced.message(`[[scenario:${scenario}]]`);
          const sent = await Tab.send(onFirst, body);
          return { body, sent, follower: await Tab.open(onSecond, body.id) };
        },
      ),
    );
    await sleep(1_000);
    await first.kill9();
    for (const { body, sent, follower } of answers) {
      expect(await follower.over).toBe('ended');
      expect(follower.ending).toMatchObject({
        status: 'interrupted',
        error: { code: 'interrupted' },
      });
      const kept = (await balanced.chat(body.id)).messages[1];
      expect(kept?.status).toBe('interrupted');
      expect(follower.text).toBe(kept?.content);
      expectCounted(follower.text);
      await sent.over;
      // The one whose server died goes on at the other one, as the page does.
      await sent.toTheEnd(balanced);
      for (const tab of [sent, follower]) expectHolds(kept, tab.shown.parts);
    }
    // And nobody is locked out: the next message gets its answer.
    const { body } = answers[0] as (typeof answers)[number];
    const parentId = (await balanced.chat(body.id)).messages.at(-1)?.id ?? null;
    const next = balanced.message('[[scenario:tokens n=5]]', { id: body.id, parentId });
    expectExactly((await (await Tab.send(balanced, next)).toTheEnd(balanced)).text, 5);
    await first.restart();
  });
});
