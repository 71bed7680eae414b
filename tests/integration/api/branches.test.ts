import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import type { ChatDetail } from '@/lib/protocol/api';
import { purgeDeletedBranches } from '@/lib/server/chat/delete-branch';
import fc from '@/tests/support/fast-check';
import { type ReadMessage, TestUser } from '@/tests/support/test-user';
import { ChatTab, collectReachable, idsOf, type SendResult } from './chat-tab';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();

/** Fails at the first request and answers the second one. */
const failsOnceMessage = () => `[[scenario:status code=500 times=1 n=4]] ${randomUUID()}`;

const errorBody = (code: string) => ({ status: 409, code, message: expect.any(String) });

async function openTwoTabs(text = 'To begin with') {
  const { user } = installation;
  const first = user.messageBody(text);
  await (await user.send(first)).readToEnd();
  const [one, two] = [new ChatTab(user, first.id), new ChatTab(user, first.id)];
  await Promise.all([one.refresh(), two.refresh()]);
  return { one, two };
}

describe('the versions of an answer', () => {
  it('are both stored after one is regenerated, and the selected one is open in every tab', async () => {
    const { one, two } = await openTwoTabs();
    const [userMessageId, old] = one.view.map(({ id }) => id);
    const { answerId } = (await one.regenerate()) as { answerId: string };
    expect(await two.refresh()).toEqual([userMessageId, answerId]);
    expect(two.view[1]?.versions).toEqual([old, answerId]);
    expect(await one.select(old as string)).toEqual([userMessageId, old]);
    expect(await two.refresh()).toEqual([userMessageId, old]);
    // The next message belongs to the open version.
    expect(await two.send('[[scenario:tokens n=2]] then')).toHaveProperty('answerId');
    await two.refresh();
    expect(two.view[2]?.parentId).toBe(old);
    expect(await one.select(answerId)).toEqual([userMessageId, answerId]);
    // A branch reopens in its earlier state.
    const extended = await one.select(old as string);
    expect(extended).toHaveLength(4);
  });

  it('are not replaced by a failed one, which can still be opened', async () => {
    const { user, model } = installation;
    const { one } = await openTwoTabs();
    const before = await one.refresh();
    model.setScenario('status code=500');
    const failed = (await one.regenerate()) as { answerId: string };
    expect(await one.refresh()).toEqual(before);
    expect(one.view[1]?.versions).toEqual([before[1], failed.answerId]);
    model.setScenario('disconnect after=2');
    const broken = (await one.regenerate()) as { answerId: string };
    expect(await one.refresh()).toEqual(before);
    expect(await one.select(broken.answerId)).toEqual([before[0], broken.answerId]);
    expect(one.view[1]).toMatchObject({ status: 'failed', content: 't0 t1 ' });
    // A continuation extends the same message, even if it fails as well.
    await one.continue();
    expect((await user.getChat(one.chatId)).messages[1]?.id).toBe(broken.answerId);
    model.setScenario(null);
  });

  it('are not replaced by one that was stopped before its first token', async () => {
    const { user, model } = installation;
    const { one } = await openTwoTabs();
    const before = await one.refresh();
    model.setScenario('hang at=first-token');
    const result = one.regenerate();
    await expect.poll(async () => (await user.getChat(one.chatId)).chat.live).toBe(true);
    await user.stop(one.chatId);
    await result;
    model.setScenario(null);
    expect(await one.refresh()).toEqual(before);
    expect(one.view[1]?.versions).toHaveLength(2);
  });

  it('cannot be regenerated from an outdated page, which gets a conflict, and newer messages stay visible', async () => {
    const { one, two } = await openTwoTabs();
    await two.send('[[scenario:tokens n=3]] later');
    const now = await two.refresh();
    expect(now).toHaveLength(4);
    expect(await one.regenerate()).toMatchObject(errorBody('chat_changed'));
    expect(await two.refresh()).toEqual(now);
    await one.refresh();
    expect(await one.regenerate()).toHaveProperty('answerId');
  });

  it('are created once per id, even for repeated requests', async () => {
    const { user } = installation;
    const body = user.messageBody(failsOnceMessage());
    const failed = await (await user.send(body)).readToEnd();
    const regeneration = { ...body, answerId: randomUUID() };
    const failedId = failed.response.headers.get('x-message-id') as string;
    const [one, two] = await Promise.all([
      user.send({ ...regeneration, retryOf: failedId }),
      user.send({ ...regeneration, retryOf: failedId }),
    ]);
    expect((await one.readToEnd()).text).toBe('t0 t1 t2 t3 ');
    expect((await two.readToEnd()).text).toBe('t0 t1 t2 t3 ');
    const { messages } = await user.getChat(body.id);
    expect(messages.map(({ id }) => id)).toEqual([body.message.id, regeneration.answerId]);
    expect(messages[1]?.versions).toEqual([failedId, regeneration.answerId]);
  });

  it('are returned without the messages that stay, if the page names the last of those', async () => {
    const { user } = installation;
    const { one } = await openTwoTabs();
    await one.send('[[scenario:tokens n=2]] then');
    await one.refresh();
    const select = async (messageId: string, after: string) => {
      const response = await user.fetch(`/api/chat/${one.chatId}/branch`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messageId, after }),
      });
      const detail = (await response.json()) as ChatDetail;
      return { after: detail.after, ids: idsOf(detail.messages) };
    };
    const [first, second, third, fourth] = idsOf(one.view) as [string, string, string, string];
    expect(await select(fourth, third)).toEqual({ after: third, ids: [fourth] });
    expect(await select(second, first)).toEqual({ after: first, ids: [second, third, fourth] });
    const all = { after: undefined, ids: [first, second, third, fourth] };
    expect(await select(fourth, randomUUID())).toEqual(all);
  });

  it('can be selected only by their owner and only in their chat', async () => {
    const { one } = await openTwoTabs();
    const otherUser = new ChatTab(await TestUser.createGuest(installation.app.baseUrl), one.chatId);
    const [userMessageId] = await one.refresh();
    expect(await otherUser.select(userMessageId as string)).toBe('chat_not_found');
    expect(await one.select(randomUUID())).toBe('not_found');
    const response = await installation.user.fetch(`/api/chat/${one.chatId}/branch`, {
      method: 'PUT',
    });
    expect(response.status).toBe(415);
  });
});

describe('an answer on another branch', () => {
  it('continues while a branch is selected, edited and answered, and is not opened by its end', async () => {
    const { user, model } = installation;
    const { one } = await openTwoTabs();
    const before = await one.refresh();
    model.setScenario('hang at=middle after=1');
    const hanging = one.edit(0, 'First edit');
    await expect.poll(async () => (await user.getChat(one.chatId)).chat.live).toBe(true);
    const running = await one.refresh();
    expect(one.view[1]).toMatchObject({ status: 'running' });
    expect(await one.select(before[1] as string)).toEqual(before);
    model.setScenario('tokens n=3');
    expect(await one.send('Another branch')).toHaveProperty('answerId');
    expect((await user.getChat(one.chatId)).chat.live).toBe(true);
    // Only that answer is stopped.
    const stop = `/api/chat/${one.chatId}/stop?messageId=${running[1]}`;
    expect(await user.json(stop, { method: 'POST' })).toEqual({ stopped: true });
    await hanging;
    model.setScenario(null);
    const now = await one.refresh();
    expect(now).toHaveLength(4);
    expect(now.slice(0, 2)).toEqual(before);
    await one.select(running[1] as string);
    expect(one.view[1]).toMatchObject({ status: 'stopped', content: 't0 ' });
  });

  it('can be followed by its id', async () => {
    const { user, model } = installation;
    const { one } = await openTwoTabs();
    model.setScenario('hang at=middle after=1');
    const hanging = one.regenerate();
    await expect.poll(async () => (await user.getChat(one.chatId)).chat.live).toBe(true);
    const [, runningId] = await one.refresh();
    model.setScenario('tokens n=2');
    await one.edit(0, 'The newest run');
    model.setScenario(null);
    const path = `/api/chat?chatId=${one.chatId}`;
    const byId = await user.fetch(`${path}&messageId=${runningId}`);
    expect(byId.headers.get('x-message-id')).toBe(runningId);
    await byId.body?.cancel();
    const newest = await user.fetch(path);
    expect(newest.headers.get('x-message-id')).not.toBe(runningId);
    await newest.body?.cancel();
    await user.stop(one.chatId);
    await hanging;
  });
});

describe('a deleted branch', () => {
  it('disappears with everything below it, stops its answer and can be restored once or twice', async () => {
    const { user, model } = installation;
    const { one, two } = await openTwoTabs();
    await one.send('[[scenario:tokens n=2]] below');
    await one.refresh();
    const long = one.view.map(({ id }) => id);
    model.setScenario('hang at=middle after=1');
    const hanging = one.edit(0, 'edited');
    await expect.poll(async () => (await user.getChat(one.chatId)).chat.live).toBe(true);
    const edited = await one.refresh();
    expect(await two.delete(edited[0] as string)).toEqual(long);
    expect(await two.delete(edited[0] as string)).toEqual(long);
    await hanging;
    model.setScenario(null);
    expect(two.view[0]?.versions).toBeUndefined();
    expect((await user.getChat(one.chatId)).chat.live).toBe(false);
    expect(await two.select(edited[0] as string)).toBe('not_found');
    expect(await two.delete(long[0] as string)).toBe('only_version');
    for (let i = 0; i < 2; i += 1) expect(await two.restore(edited[0] as string)).toEqual(edited);
    expect(two.view[1]).toMatchObject({ status: 'stopped', content: 't0 ' });
  });

  it('is purged with its descendants after a day, and nothing else is', async () => {
    const { database } = installation;
    const { one } = await openTwoTabs();
    await one.send('below');
    const long = await one.refresh();
    await one.edit(0, 'edited');
    const edited = await one.refresh();
    await one.delete(long[0] as string);
    const sql = postgres(database.url, { max: 1 });
    const purge = () => purgeDeletedBranches(sql);
    const storedIds = async () =>
      (await sql`select id from message where chat_id = ${one.chatId}`).map(({ id }) => id).sort();
    await purge();
    expect(await storedIds()).toEqual([...long, ...edited].sort());
    await sql`update message set deleted_at = now() - interval '25 hours' where id = ${long[0] as string}`;
    await purge();
    expect(await storedIds()).toEqual([...edited].sort());
    expect(await one.restore(long[0] as string)).toBe('not_found');
    await sql.end();
  });
});

type TabStep = { tab: 0 | 1; refresh: boolean; action: string; behavior: string; pick: number };

/** Scenario of the model by its behavior in a step. */
const MODEL_BEHAVIORS: Record<string, string> = {
  complete: 'tokens n=2',
  failed: 'status code=500',
  disconnected: 'disconnect after=1',
  truncated: 'length n=2',
  empty: 'empty',
  stopped: 'hang at=middle after=1',
  'stopped early': 'hang at=first-token',
};

describe('any actions of two tabs', () => {
  const step: fc.Arbitrary<TabStep> = fc.record({
    tab: fc.constantFrom(0 as const, 1 as const),
    refresh: fc.boolean(),
    action: fc.constantFrom(
      'send',
      'send',
      'regenerate',
      'regenerate',
      'continue',
      'select',
      'select',
      'edit',
      'regenerate earlier',
      'delete',
      'restore',
    ),
    behavior: fc.constantFrom(...Object.keys(MODEL_BEHAVIORS)),
    pick: fc.nat(),
  });

  it('keep every message reachable with the switchers, and change the active branch only as specified', async () => {
    const { database, user, model } = installation;
    const sql = postgres(database.url, { max: 1 });
    const stored = async (chatId: string) =>
      (await sql`select id from message where chat_id = ${chatId}`).map(({ id }) => id as string);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        model.setScenario(null);
        const { one, two } = await openTwoTabs();
        const deletedIds: string[] = [];
        for (const { tab, refresh, action, behavior, pick } of steps) {
          const acting = tab === 0 ? one : two;
          if (refresh) await acting.refresh();
          const { messages: before } = await user.getChat(one.chatId);
          model.setScenario(MODEL_BEHAVIORS[behavior] as string);
          const result = act(acting, action, pick, deletedIds);
          if (behavior.startsWith('stopped')) await stopWhenLive(acting, result);
          const outcome = await result;
          const { messages: after } = await user.getChat(one.chatId);
          expectBranchRules(action, outcome, before, after);
        }
        for (const id of deletedIds.reverse()) await one.restore(id);
        const [view, ids] = [await one.refresh(), await stored(one.chatId)];
        expect(view.length).toBeGreaterThan(0);
        expect([...(await collectReachable(one))].sort()).toEqual([...ids].sort());
      }),
      { numRuns: 12, endOnFailure: true },
    );
    model.setScenario(null);
    await sql.end();
  });

  /** @param deletedIds the ids of deleted messages, to which a deleted one is added */
  function act(tab: ChatTab, action: string, pick: number, deletedIds: string[]) {
    const pickFrom = <T>(items: readonly T[]) => items[pick % items.length];
    const indices = (role: string) =>
      [...tab.view.keys()].filter((index) => tab.view[index]?.role === role);
    switch (action) {
      case 'send':
        return tab.send(`number ${pick}`);
      case 'regenerate':
        return tab.regenerate();
      case 'continue':
        return tab.continue();
      case 'edit':
        return tab.edit(pickFrom(indices('user')) ?? 0, `edit ${pick}`);
      case 'regenerate earlier': {
        const index = pickFrom(indices('assistant'));
        return index === undefined ? null : tab.regenerateAt(index);
      }
      case 'delete': {
        const id = pickFrom(tab.view.filter(({ versions }) => versions))?.id;
        if (id) deletedIds.push(id);
        return id ? tab.delete(id) : null;
      }
      case 'restore': {
        const id = pickFrom(deletedIds);
        return id ? tab.restore(id) : null;
      }
      default: {
        const id = pickFrom(tab.otherVersions());
        return id ? tab.select(id) : null;
      }
    }
  }

  async function stopWhenLive(tab: ChatTab, result: unknown): Promise<void> {
    let hasEnded = result === null;
    Promise.resolve(result).finally(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      await installation.user.stop(tab.chatId);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  function expectBranchRules(
    action: string,
    outcome: SendResult | string | string[] | null,
    before: ReadMessage[],
    after: ReadMessage[],
  ): void {
    const [old, now] = [idsOf(before), idsOf(after)];
    if (outcome === null || typeof outcome === 'string' || 'code' in outcome) {
      // A rejection has a message and no effect.
      if (outcome && typeof outcome === 'object') expect(outcome.message).toMatch(/\.$/);
      expect(now).toEqual(old);
    } else if (Array.isArray(outcome)) {
      expect(now).toEqual(outcome);
    } else if (action === 'send') {
      expect(now.slice(0, -2)).toEqual(old);
    } else if (action === 'continue') {
      expect(now).toEqual(old);
    } else if (action === 'edit') {
      // The new message replaces the edited one, with its answer.
      const index = now.length - 2;
      expect(now.slice(0, index)).toEqual(old.slice(0, index));
      expect(old).not.toContain(now[index]);
      expect(now.at(-1)).toBe(outcome.answerId);
    } else if (now.at(-1) === outcome.answerId) {
      // A new version replaces the old answer unless only the new one failed.
      const index = now.length - 1;
      expect(now.slice(0, index)).toEqual(old.slice(0, index));
      expect(isGood(after[index]) || !isGood(before[index])).toBe(true);
    } else {
      expect(now).toEqual(old);
    }
  }

  function isGood(message: ReadMessage | undefined): boolean {
    return message !== undefined && message.status !== 'failed' && message.content !== '';
  }
});
