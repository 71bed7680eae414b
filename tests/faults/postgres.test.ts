import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DocumentDetail, DocumentSummary } from '@/lib/protocol/api';
import { eventually, Person } from '@/tests/integration/api/person';
import type { TestPostgres } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { expectExactly } from './kept';
import { setStage } from './stage';

const OUTAGE_MS = 30_000;
/** A connection that was begun during the outage is given up after 5 s, and tried again. */
const BACK_MS = 15_000;
/** The longest that a reader may wait for the next word, on a machine that does six other things. */
const NOTICED_MS = 3_000;

type Outage = { begin(database: TestPostgres): unknown; end(database: TestPostgres): unknown };

const STOPPED: Outage = {
  begin: (database) => database.pause(),
  end: (database) => database.resume(),
};
const FROZEN: Outage = {
  begin: (database) => database.freeze(),
  end: (database) => database.thaw(),
};

/** Each of them waits for most of its time, so all of them wait at once. */
describe.concurrent('Postgres away for 30 s in the middle of answers', () => {
  const stage = setStage();

  it.each([
    ['stopped and started again', STOPPED, false],
    ['stopped and started again, with Redis', STOPPED, true],
    ['hanging', FROZEN, false],
  ])('(%s): they go on, nobody closes them, and they are saved', async (_, outage, withRedis) => {
    const model = await stage.model();
    const database = await stage.postgres();
    const env: Record<string, string> = {
      POSTGRES_URL: database.url,
      OPENAI_BASE_URL: model.baseUrl,
      ...(withRedis && { REDIS_URL: (await stage.redis()).url }),
    };
    const apps = [await stage.app(env), await stage.app(env)] as const;
    const onFirst = await Person.arrive(apps[0].baseUrl);
    const onSecond = onFirst.at(apps[1].baseUrl);
    const ask = async (person: Person, scenario: string) => {
      const body = person.message(`[[scenario:${scenario}]]`);
      return { body, tab: await Tab.send(person, body) };
    };

    const long = await ask(onFirst, 'tokens n=1900 rate=50');
    const others = await ask(onSecond, 'tokens n=1900 rate=50');
    const short = await ask(onFirst, 'tokens n=500 rate=50');
    // Its document is begun and ended while the database is away.
    const writer = await ask(
      onFirst,
      'document title=Rivers n=300 rate=50 before=Wait. delay=6000',
    );
    const follower = await Tab.open(onSecond, long.body.id);
    await long.tab.until('t50 ');

    const began = Date.now();
    await outage.begin(database);
    await sleep(5_000);
    // Whoever sends now reads what is the matter, in words, and soon.
    const late = onFirst.message('[[scenario:tokens n=5]] once it is back');
    const sentAt = Date.now();
    const refused = await (await onFirst.send(late)).refusal();
    expect(refused).toMatchObject({ status: 503, code: 'database_unavailable' });
    expect(Date.now() - sentAt).toBeLessThan(15_000);
    expect(await short.tab.over).toBe('ended');
    expect(short.tab.ending?.status).toBe('complete');
    await sleep(Math.max(0, began + OUTAGE_MS - Date.now()));
    await outage.end(database);
    const ended = Date.now();

    for (const { tab } of [long, others]) {
      expect(await tab.over).toBe('ended');
      expect(tab.longestSilence(began, ended)).toBeLessThan(NOTICED_MS);
      expect(tab.ending?.status).toBe('complete');
      expectExactly(tab.text, 1900);
    }
    expectExactly(short.tab.text, 500);
    await follower.toTheEnd(onSecond);
    expectExactly(follower.text, 1900);
    expect(follower.ending?.status).toBe('complete');

    for (const [{ body }, count] of [
      [long, 1900],
      [others, 1900],
      [short, 500],
    ] as const) {
      for (const person of [onFirst, onSecond]) {
        // An end may be told a moment before it is saved, where Postgres takes its time.
        await eventually(async () => {
          const [, kept] = (await person.chat(body.id)).messages;
          expect(kept?.status).toBe('complete');
          expectExactly(kept?.content, count);
        }, BACK_MS);
      }
    }
    expect(await writer.tab.over).toBe('ended');
    expect(writer.tab.ending?.status).toBe('complete');
    await eventually(async () => {
      const path = `/api/chat/${writer.body.id}/documents`;
      const [document] = await onSecond.json<DocumentSummary[]>(path);
      expect(document).toMatchObject({ title: 'Rivers', version: 1 });
      const detail = await onSecond.json<DocumentDetail>(`/api/document/${document?.id}`);
      expect(detail).toMatchObject({ content: writer.tab.document?.content, complete: true });
      expect(detail.content).toMatch(/^# Rivers\n\nd0 d1 [\s\S]* d299 $/);
    }, BACK_MS);

    const repeated = await Tab.send(onFirst, late);
    expect(await repeated.over).toBe('ended');
    expectExactly(repeated.text, 5);
    expect((await onFirst.chat(late.id)).messages).toHaveLength(2);
  });
});
