import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DocumentDetail, DocumentSummary } from '@/lib/protocol/api';
import { eventually, Person } from '@/tests/integration/api/person';
import { type DatabaseWire, startDatabaseWire } from '@/tests/support/database-wire';
import type { TestPostgres } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { expectCounted, expectExactly, expectHolds } from './kept';
import { type Stage, setStage } from './stage';

const OUTAGE_MS = 30_000;
/** A connection that was begun during the outage is given up after 3 s, and tried again. */
const BACK_MS = 10_000;
/** Tokens, of 1,500 that the model says meanwhile, that readers have while the database is away. */
const READ_MEANWHILE = 500;

type Outage = Record<'begin' | 'end', (database: TestPostgres, wire: DatabaseWire) => unknown>;

const STOPPED: Outage = {
  begin: (database) => database.pause(),
  end: (database) => database.resume(),
};
const FROZEN: Outage = {
  begin: (database) => database.freeze(),
  end: (database) => database.thaw(),
};
/** No connection ever learns that it is dead. */
const LOST: Outage = {
  begin: (_, wire) => wire.lose(),
  end: (_, wire) => wire.mend(),
};

/** Each of them waits for most of its time, so all of them wait at once. */
describe.concurrent('Postgres away for 30 s in the middle of answers', () => {
  const stage = setStage();

  it.each([
    ['stopped and started again', STOPPED, false],
    ['stopped and started again, with Redis', STOPPED, true],
    ['hanging', FROZEN, false],
    ['behind a network that loses everything', LOST, false],
  ])('(%s): they go on, nobody closes them, and they are saved', async (_, outage, withRedis) => {
    const model = await stage.model();
    const database = await stage.postgres();
    const { url, wire } = await wireTo(stage, database.url);
    const env: Record<string, string> = {
      POSTGRES_URL: url,
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
    await outage.begin(database, wire);
    // Whoever asks now reads what is the matter, in words, and soon: at once, and later on.
    const late = onFirst.message('[[scenario:tokens n=5]] once it is back');
    for (const _ of ['at once', 'later on']) {
      const refusals = await Promise.all([
        onFirst.send(late).then((answer) => answer.refusal()),
        onSecond.send(onSecond.message('Hello?')).then((answer) => answer.refusal()),
        onSecond.resume(long.body.id).then((answer) => answer.refusal()),
      ]);
      for (const refusal of refusals) {
        expect(refusal).toMatchObject({ status: 503, code: 'database_unavailable' });
      }
    }
    await short.tab.until('t499 ');
    await sleep(Math.max(0, began + OUTAGE_MS - Date.now()));
    for (const { tab } of [long, others]) {
      expect(expectCounted(tab.text)).toBeGreaterThan(50 + READ_MEANWHILE);
      expect(tab.ending).toBeUndefined();
    }
    // All of it has been said, and nobody is told that it is complete.
    expect(short.tab).toMatchObject({ unsaved: true, ending: undefined });
    await outage.end(database, wire);
    // Nobody who only reads learns of what the outage has left behind.
    for (const person of [onFirst, onSecond]) {
      expect((await person.fetch('/api/history')).status).toBe(200);
      expect((await person.resume(long.body.id)).response.status).toBe(200);
    }

    for (const { tab } of [long, others, short]) {
      expect(await tab.over).toBe('ended');
      expect(tab.ending?.status).toBe('complete');
    }
    for (const { tab } of [long, others]) expectExactly(tab.text, 1900);
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
        const [, kept] = (await person.chat(body.id)).messages;
        expect(kept?.status).toBe('complete');
        expectExactly(kept?.content, count);
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
    // A reader in the other process has its stream ended, not broken off.
    for (const app of apps) expect(app.logs()).not.toContain('failed to pipe response');
  });

  it('for the connections of answers alone: they are saved over new ones, soon', async () => {
    const model = await stage.model();
    const { url, wire } = await wireTo(stage, (await stage.postgres()).url);
    const app = await stage.app({ POSTGRES_URL: url, OPENAI_BASE_URL: model.baseUrl });
    const person = await Person.arrive(app.baseUrl);
    const body = person.message('[[scenario:tokens n=5000 rate=50]]');
    const tab = await Tab.send(person, body);
    await tab.until('t50 ');
    // The heartbeats' own connection goes on: the database has a pulse.
    wire.lose({ except: 'insert into instance' });
    await eventually(() => expect(app.logs()).toContain('are shown ahead of it'));
    // Shown while nothing is saved.
    await tab.until('t150 ');
    // On a busy machine new connections may be late, too: all is saved where that is the last word.
    await eventually(() => {
      const words = app.logs().match(/are shown ahead of it|ahead of the database is saved/g);
      expect(words?.at(-1)).toBe('ahead of the database is saved');
    }, 60_000);
    const shown = tab.shown.parts;
    await app.kill9();
    await app.restart();
    const kept = (await person.chat(body.id)).messages[1];
    expect(kept?.status).toBe('interrupted');
    expectHolds(kept, shown);
  });
});

/** The database's address by way of a network that the test can break. */
async function wireTo(stage: Stage, address: string): Promise<{ url: string; wire: DatabaseWire }> {
  const url = new URL(address);
  const wire = await startDatabaseWire(Number(url.port));
  stage.onEnd(wire.stop);
  url.port = String(wire.port);
  return { url: url.href, wire };
}
