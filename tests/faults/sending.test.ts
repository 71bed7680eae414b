import { beforeAll, describe, expect, it } from 'vitest';
import { eventually, numbers, Person } from '@/tests/integration/api/person';
import type { ModelServer } from '@/tests/support/model-server';
import { Tab } from '@/tests/support/tab';
import { setStage } from './stage';

const ROUNDS = 5;

/** Two processes that know of each other's answers through Postgres alone. */
describe('sends that meet', () => {
  const stage = setStage();
  let model: ModelServer;
  let here: Person;
  let there: Person;

  beforeAll(async () => {
    model = await stage.model();
    const env = { POSTGRES_URL: await stage.database(), OPENAI_BASE_URL: model.baseUrl };
    const apps = [await stage.app(env), await stage.app(env)] as const;
    here = await Person.arrive(apps[0].baseUrl);
    there = here.at(apps[1].baseUrl);
  });

  /** Requests to answer this very message that the app has not given up. */
  const timesAsked = (text: string) =>
    model.requests.filter(
      ({ purpose, body, endedBy }) =>
        purpose === 'answer' && endedBy !== 'client' && JSON.stringify(body).includes(text),
    ).length;

  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

  it('the same one, at both processes and twice at each, at one moment: one answer', async () => {
    for (const round of rounds) {
      // Longer than a busy machine needs to see who was first: the other ones are given up by then.
      const text = `[[scenario:tokens n=80 rate=50]] same ${round}.`;
      const body = here.message(text);
      const tabs = await Promise.all(
        [here, there, here, there].map((person) => Tab.send(person, body)),
      );
      for (const tab of tabs) {
        expect(await tab.over).toBe('ended');
        expect(tab.text).toBe(numbers(80));
      }
      expect(timesAsked(text)).toBe(1);
      for (const person of [here, there]) {
        expect((await person.chat(body.id)).messages).toHaveLength(2);
      }
    }
  });

  it('two different ones at one moment: one answer, and the other one is told to wait', async () => {
    for (const round of rounds) {
      const first = here.message('[[scenario:tokens n=3]]');
      const parentId = (await (await here.send(first)).whole()).response.headers.get(
        'x-message-id',
      );
      const next = (word: string) =>
        here.message(`[[scenario:tokens n=20 rate=100]] ${word} ${round}.`, {
          id: first.id,
          parentId,
        });
      const [one, two] = [next('one'), next('two')];
      const answers = await Promise.all([here.send(one), there.send(two)]);
      const refused = answers.filter(({ ok }) => !ok);
      expect(refused).toHaveLength(1);
      const refusal = await refused[0]?.refusal();
      expect(refusal?.status).toBe(409);
      expect(['run_live', 'conversation_moved']).toContain(refusal?.code);
      await answers.find(({ ok }) => ok)?.whole();
      const { messages } = await there.chat(first.id);
      expect(messages.map(({ status }) => status)).toEqual(Array(4).fill('complete'));
      // The one that was told to wait is not lost: it is sent again behind the other.
      const [lost, at] = answers[0]?.ok ? [two, there] : [one, here];
      const again = { ...lost, parentId: messages.at(-1)?.id ?? null };
      expect((await (await at.send(again)).whole()).text).toBe(numbers(20));
      expect((await here.chat(first.id)).messages).toHaveLength(6);
    }
  });

  it('one whose answer never arrived, again at the other process: the answer it has', async () => {
    const text = '[[scenario:tokens n=60 rate=60]] once only.';
    const body = here.message(text);
    const gone = new AbortController();
    const lost = here.fetch('/api/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: gone.signal,
    });
    lost.catch(() => {});
    await eventually(() => expect(timesAsked(text)).toBe(1));
    gone.abort();
    const again = await there.send(body);
    expect((await again.whole()).text).toBe(numbers(60));
    const late = await here.send(body);
    await late.whole();
    expect(timesAsked(text)).toBe(1);
    expect((await here.chat(body.id)).messages).toHaveLength(2);
  });

  it('one from a tab that another process has left behind: refused, and nothing is overwritten', async () => {
    const first = here.message('[[scenario:tokens n=3]]');
    const parentId = (await (await here.send(first)).whole()).response.headers.get('x-message-id');
    const next = here.message('[[scenario:tokens n=3]]', { id: first.id, parentId });
    await (await there.send(next)).whole();
    const before = (await here.chat(first.id)).messages;
    const stale = await here.send(here.message('stale', { id: first.id, parentId }));
    expect(await stale.refusal()).toMatchObject({ status: 409, code: 'conversation_moved' });
    expect((await there.chat(first.id)).messages).toEqual(before);
  });
});
