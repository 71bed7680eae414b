import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import type { StoredMessage } from '@/lib/protocol/messages';
import fc from '@/tests/support/fast-check';
import { installation } from './fixture';
import { Person } from './person';
import { type Asked, ChatWindow, idsOf, reachable } from './window';

const at = installation();

/** Fails the first time it is asked for, and answers then. */
const onceFailing = () => `[[scenario:status code=500 times=1 n=4]] ${randomUUID()}`;

const refusal = (code: string) => ({ status: 409, code, message: expect.any(String) });

async function twoWindows(text = 'To begin with') {
  const { person } = at;
  const first = person.message(text);
  await (await person.send(first)).whole();
  const [one, two] = [new ChatWindow(person, first.id), new ChatWindow(person, first.id)];
  await Promise.all([one.look(), two.look()]);
  return { one, two };
}

describe('the versions of an answer', () => {
  it('are both there after a retry, and the one that is selected is open in every window', async () => {
    const { one, two } = await twoWindows();
    const [question, old] = one.view.map(({ id }) => id);
    const { answerId } = (await one.retry()) as { answerId: string };
    expect(await two.look()).toEqual([question, answerId]);
    expect(two.view[1]?.versions).toEqual([old, answerId]);
    expect(await one.select(old as string)).toEqual([question, old]);
    expect(await two.look()).toEqual([question, old]);
    // What is said next belongs to the open one.
    expect(await two.send('[[scenario:tokens n=2]] then')).toHaveProperty('answerId');
    await two.look();
    expect(two.view[2]?.parentId).toBe(old);
    expect(await one.select(answerId)).toEqual([question, answerId]);
    // A branch is open again as it was left.
    const long = await one.select(old as string);
    expect(long).toHaveLength(4);
  });

  it('give way to none that failed: the good one stays in view, and the failed one can be opened', async () => {
    const { person, model } = at;
    const { one } = await twoWindows();
    const before = await one.look();
    model.setScenario('status code=500');
    const failed = (await one.retry()) as { answerId: string };
    expect(await one.look()).toEqual(before);
    expect(one.view[1]?.versions).toEqual([before[1], failed.answerId]);
    model.setScenario('die after=2');
    const broken = (await one.retry()) as { answerId: string };
    expect(await one.look()).toEqual(before);
    expect(await one.select(broken.answerId)).toEqual([before[0], broken.answerId]);
    expect(one.view[1]).toMatchObject({ status: 'failed', content: 't0 t1 ' });
    // It is gone on with where it stands, however that ends.
    await one.continue();
    expect((await person.chat(one.chatId)).messages[1]?.id).toBe(broken.answerId);
    model.setScenario(null);
  });

  it('give way to none that was stopped before its first word', async () => {
    const { person, model } = at;
    const { one } = await twoWindows();
    const before = await one.look();
    model.setScenario('hang at=first-token');
    const asked = one.retry();
    await expect.poll(async () => (await person.chat(one.chatId)).chat.live).toBe(true);
    // While it is being made it is open, and the branch stays.
    expect(await new ChatWindow(person, one.chatId).select(before[1] as string)).toBe('run_live');
    await person.stop(one.chatId);
    await asked;
    model.setScenario(null);
    expect(await one.look()).toEqual(before);
    expect(one.view[1]?.versions).toHaveLength(2);
  });

  it('are asked for in words where a page is out of date: nothing that came later is hidden', async () => {
    const { one, two } = await twoWindows();
    await two.send('[[scenario:tokens n=3]] later');
    const now = await two.look();
    expect(now).toHaveLength(4);
    expect(await one.retry()).toMatchObject(refusal('conversation_moved'));
    expect(await two.look()).toEqual(now);
    await one.look();
    expect(await one.retry()).toHaveProperty('answerId');
  });

  it('are made once for one id, however often it is sent', async () => {
    const { person } = at;
    const body = person.message(onceFailing());
    const failed = await (await person.send(body)).whole();
    const retry = { ...body, answerId: randomUUID() };
    const retryOf = failed.response.headers.get('x-message-id') as string;
    const [one, two] = await Promise.all([
      person.send({ ...retry, retryOf }),
      person.send({ ...retry, retryOf }),
    ]);
    expect((await one.whole()).text).toBe('t0 t1 t2 t3 ');
    expect((await two.whole()).text).toBe('t0 t1 t2 t3 ');
    const { messages } = await person.chat(body.id);
    expect(messages.map(({ id }) => id)).toEqual([body.message.id, retry.answerId]);
    expect(messages[1]?.versions).toEqual([retryOf, retry.answerId]);
  });

  it('can be opened by nobody else, and only where they are', async () => {
    const { one } = await twoWindows();
    const stranger = new ChatWindow(await Person.arrive(at.app.baseUrl), one.chatId);
    const [question] = await one.look();
    expect(await stranger.select(question as string)).toBe('chat_not_found');
    expect(await one.select(randomUUID())).toBe('not_found');
    const response = await at.person.fetch(`/api/chat/${one.chatId}/branch`, { method: 'PUT' });
    expect(response.status).toBe(415);
  });
});

type Step = { window: 0 | 1; look: boolean; what: string; how: string; pick: number };

/** How the model behaves in a step. */
const ENDINGS: Record<string, string> = {
  whole: 'tokens n=2',
  refused: 'status code=500',
  broken: 'die after=1',
  'cut short': 'length n=2',
  empty: 'empty',
  stopped: 'hang at=middle after=1',
  'stopped at once': 'hang at=first-token',
};

describe('whatever two windows do', () => {
  const step: fc.Arbitrary<Step> = fc.record({
    window: fc.constantFrom(0 as const, 1 as const),
    look: fc.boolean(),
    what: fc.constantFrom('send', 'send', 'retry', 'retry', 'continue', 'select', 'select'),
    how: fc.constantFrom(...Object.keys(ENDINGS)),
    pick: fc.nat(),
  });

  it('every message stays in reach of the switchers, and no view changes but by the rules', async () => {
    const { database, person, model } = at;
    const sql = postgres(database.url, { max: 1 });
    const stored = async (chatId: string) =>
      (await sql`select id from message where chat_id = ${chatId}`).map(({ id }) => id as string);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        model.setScenario(null);
        const { one, two } = await twoWindows();
        for (const { window, look, what, how, pick } of steps) {
          const acting = window === 0 ? one : two;
          if (look) await acting.look();
          const { messages: before } = await person.chat(one.chatId);
          model.setScenario(ENDINGS[how] as string);
          const asked = act(acting, what, pick);
          if (how.startsWith('stopped')) await stopWhenLive(acting, asked);
          const outcome = await asked;
          const { messages: after } = await person.chat(one.chatId);
          expectRule(what, outcome, before, after);
        }
        const [view, ids] = [await one.look(), await stored(one.chatId)];
        expect(view.length).toBeGreaterThan(0);
        expect([...(await reachable(one))].sort()).toEqual([...ids].sort());
      }),
      { numRuns: 12, endOnFailure: true },
    );
    model.setScenario(null);
    await sql.end();
  }, 120_000);

  function act(window: ChatWindow, what: string, pick: number) {
    if (what === 'send') return window.send(`number ${pick}`);
    if (what === 'retry') return window.retry();
    if (what === 'continue') return window.continue();
    const others = window.others();
    return others.length > 0 ? window.select(others[pick % others.length] as string) : null;
  }

  async function stopWhenLive(window: ChatWindow, asked: unknown): Promise<void> {
    let over = asked === null;
    Promise.resolve(asked).finally(() => {
      over = true;
    });
    while (!over) {
      await at.person.stop(window.chatId);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  function expectRule(
    what: string,
    outcome: Asked | string | string[] | null,
    before: StoredMessage[],
    after: StoredMessage[],
  ): void {
    const [old, now] = [idsOf(before), idsOf(after)];
    if (outcome === null || typeof outcome === 'string' || 'code' in outcome) {
      // In words, and without any effect.
      if (outcome && typeof outcome === 'object') expect(outcome.message).toMatch(/\.$/);
      expect(now).toEqual(old);
    } else if (Array.isArray(outcome)) {
      expect(now).toEqual(outcome);
    } else if (what === 'send') {
      expect(now.slice(0, -2)).toEqual(old);
    } else if (what === 'continue') {
      expect(now).toEqual(old);
    } else {
      // A new version takes the place of the last answer, unless it failed and that one did not.
      const opened = isGood(after.at(-1)) || !isGood(before.at(-1));
      expect(now).toEqual([...old.slice(0, -1), now.at(-1)]);
      expect(opened).toBe(true);
      if (now.at(-1) !== outcome.answerId) expect(now).toEqual(old);
    }
  }

  function isGood(message: StoredMessage | undefined): boolean {
    return message !== undefined && message.status !== 'failed' && message.content !== '';
  }
});
