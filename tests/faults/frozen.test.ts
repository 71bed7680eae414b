import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually, numbers, Person } from '@/tests/integration/api/person';
import { Tab } from '@/tests/support/tab';
import { setStage } from './stage';

describe('a server process that freezes for longer than its lease', () => {
  const stage = setStage();

  it('loses its answers to the others, and changes nothing any more when it thaws', async () => {
    const model = await stage.model();
    const env = { POSTGRES_URL: await stage.database(), OPENAI_BASE_URL: model.baseUrl };
    const first = await stage.app(env);
    const second = await stage.app(env);
    const onFirst = await Person.arrive(first.baseUrl);
    const onSecond = onFirst.at(second.baseUrl);
    const body = onFirst.message('[[scenario:tokens n=3000 rate=50]]');
    const tab = await Tab.send(onFirst, body);
    await tab.until('t50 ');
    const follower = await Tab.open(onSecond, body.id);
    // Only who has been heard without a gap for a lease judges by it.
    await sleep(10_500);

    process.kill(first.pid(), 'SIGSTOP');
    const frozenAt = Date.now();
    expect(await follower.over).toBe('ended');
    expect(Date.now() - frozenAt).toBeGreaterThan(9_000);
    expect(follower.ending?.status).toBe('interrupted');
    const kept = (await onSecond.chat(body.id)).messages[1];
    expect(kept).toMatchObject({ status: 'interrupted', content: follower.text });
    expect(kept?.content.startsWith(tab.text)).toBe(true);
    const next = onSecond.message('[[scenario:tokens n=5]]', { id: body.id, parentId: kept?.id });
    expect((await (await onSecond.send(next)).whole()).text).toBe(numbers(5));

    process.kill(first.pid(), 'SIGCONT');
    await eventually(() => expect(model.openAnswers()).toBe(0));
    expect(await tab.over).toBe('ended');
    expect(tab.ending?.status).toBe('interrupted');
    await sleep(500);
    const { messages } = await onSecond.chat(body.id);
    expect(messages[1]).toEqual(kept);
    expect(messages[3]).toMatchObject({ status: 'complete', content: numbers(5) });
  });
});
