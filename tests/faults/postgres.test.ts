import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DocumentDetail, DocumentSummary } from '@/lib/protocol/api';
import { type DatabaseProxy, startDatabaseProxy } from '@/tests/support/database-proxy';
import { waitUntilFramesSaved } from '@/tests/support/early-delivery';
import type { TestPostgres } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpEnvironment, type TestEnvironment } from './environment';
import { expectContains, expectContiguousTokens, expectExactTokens } from './expect-stored';

const OUTAGE_MS = 30_000;
/** Connection attempts time out after 3 s and are then retried. A busy machine needs longer. */
const RECOVERY_TIMEOUT_MS = 60_000;
/** Each reader receives at least this many of the 1,500 tokens sent during the outage. */
const MIN_TOKENS_DURING_OUTAGE = 500;

/**
 * A read that fails has been retried for at least this long (`TIMEOUT_MS` in retry-on-outage.ts).
 */
const READ_TIMEOUT_MS = 8_000;

type Outage = Record<'begin' | 'end', (database: TestPostgres, proxy: DatabaseProxy) => unknown>;

const SHUT_DOWN: Outage = {
  begin: (database) => database.shutDown(),
  end: (database) => database.restart(),
};
const FROZEN: Outage = {
  begin: (database) => database.freeze(),
  end: (database) => database.thaw(),
};
/** No connection is closed: both ends keep waiting. */
const BLACKHOLED: Outage = {
  begin: (_, proxy) => proxy.blackhole(),
  end: (_, proxy) => proxy.restore(),
};

/** The cases mostly wait, so they run concurrently. */
describe.concurrent('a database outage during answers', () => {
  const environment = setUpEnvironment();

  it.each([
    ['restart', SHUT_DOWN, false],
    ['restart, with Redis', SHUT_DOWN, true],
    ['hang', FROZEN, false],
    ['network that drops everything', BLACKHOLED, false],
  ])(
    '(30 s, %s) neither interrupts nor ends the answers, and they are saved afterwards',
    async (_, outage, withRedis) => {
      const model = await environment.model();
      const database = await environment.postgres();
      const { url, proxy } = await startProxy(environment, database.url);
      const env: Record<string, string> = {
        POSTGRES_URL: url,
        OPENAI_BASE_URL: model.baseUrl,
        ...(withRedis && { REDIS_URL: (await environment.redis()).url }),
      };
      const apps = [await environment.app(env), await environment.app(env)] as const;
      const userOnFirst = await TestUser.createGuest(apps[0].baseUrl);
      const userOnSecond = userOnFirst.onServer(apps[1].baseUrl);
      const sendScenario = async (user: TestUser, scenario: string) => {
        const body = user.messageBody(`[[scenario:${scenario}]]`);
        return { body, tab: await Tab.send(user, body) };
      };

      const longOnFirst = await sendScenario(userOnFirst, 'tokens n=1900 rate=50');
      const longOnSecond = await sendScenario(userOnSecond, 'tokens n=1900 rate=50');
      const shortOnFirst = await sendScenario(userOnFirst, 'tokens n=500 hold=50 rate=50');
      // Its document starts and ends during the outage.
      const writer = await sendScenario(
        userOnFirst,
        'document title=Rivers n=300 rate=50 before=Wait. delay=6000',
      );
      const follower = await Tab.open(userOnSecond, longOnFirst.body.id);
      await longOnFirst.tab.waitForText('t50 ');
      await shortOnFirst.tab.waitForText('t49 ');

      const outageBeganAt = Date.now();
      await outage.begin(database, proxy);
      model.release();
      // Requests fail soon with a clear error, both at the start of the outage and later.
      const lateMessage = userOnFirst.messageBody('[[scenario:tokens n=5]] once it is back');
      for (const _ of ['immediately', 'later on']) {
        const rejections = await Promise.all([
          userOnFirst.send(lateMessage).then((answer) => answer.readError()),
          userOnSecond
            .send(userOnSecond.messageBody('Hello?'))
            .then((answer) => answer.readError()),
          userOnSecond.resume(longOnFirst.body.id).then((answer) => answer.readError()),
        ]);
        for (const error of rejections) {
          expect(error).toMatchObject({ status: 503, code: 'database_unavailable' });
        }
      }
      await shortOnFirst.tab.waitForText('t499 ');
      await sleep(Math.max(0, outageBeganAt + OUTAGE_MS - Date.now()));
      for (const { tab } of [longOnFirst, longOnSecond]) {
        expect(expectContiguousTokens(tab.text)).toBeGreaterThan(50 + MIN_TOKENS_DURING_OUTAGE);
        expect(tab.runEnded).toBeUndefined();
      }
      // All of its text is delivered, but it is not reported as complete.
      expect(shortOnFirst.tab).toMatchObject({ notSavedYet: true, runEnded: undefined });
      await outage.end(database, proxy);
      // Reads succeed immediately after the outage, despite connections broken by it.
      for (const user of [userOnFirst, userOnSecond]) {
        await expectToSucceed(async () => (await user.fetch('/api/history')).status);
        await expectToSucceed(async () => (await user.resume(longOnFirst.body.id)).response.status);
      }

      for (const { tab } of [longOnFirst, longOnSecond, shortOnFirst]) {
        expect(await tab.connectionEnd).toBe('ended');
        expect(tab.runEnded?.status).toBe('complete');
      }
      for (const { tab } of [longOnFirst, longOnSecond]) expectExactTokens(tab.text, 1900);
      expectExactTokens(shortOnFirst.tab.text, 500);
      await follower.readToEnd(userOnSecond);
      expectExactTokens(follower.text, 1900);
      expect(follower.runEnded?.status).toBe('complete');

      for (const [{ body }, count] of [
        [longOnFirst, 1900],
        [longOnSecond, 1900],
        [shortOnFirst, 500],
      ] as const) {
        for (const user of [userOnFirst, userOnSecond]) {
          const [, storedAnswer] = (await user.getChat(body.id)).messages;
          expect(storedAnswer?.status).toBe('complete');
          expectExactTokens(storedAnswer?.content, count);
        }
      }
      expect(await writer.tab.connectionEnd).toBe('ended');
      expect(writer.tab.runEnded?.status).toBe('complete');
      await waitUntil(async () => {
        const path = `/api/chat/${writer.body.id}/documents`;
        const [document] = await userOnSecond.json<DocumentSummary[]>(path);
        expect(document).toMatchObject({ title: 'Rivers', version: 1 });
        const detail = await userOnSecond.json<DocumentDetail>(`/api/document/${document?.id}`);
        expect(detail).toMatchObject({ content: writer.tab.document?.content, complete: true });
        expect(detail.content).toMatch(/^# Rivers\n\nd0 d1 [\s\S]* d299 $/);
      }, RECOVERY_TIMEOUT_MS);

      const repeated = await Tab.send(userOnFirst, lateMessage);
      expect(await repeated.connectionEnd).toBe('ended');
      expectExactTokens(repeated.text, 5);
      expect((await userOnFirst.getChat(lateMessage.id)).messages).toHaveLength(2);
      // The stream of a reader on the other process ends cleanly.
      for (const app of apps) expect(app.logs()).not.toContain('failed to pipe response');
    },
  );

  it('that affects only the connections that save answers: the app replaces them and saves the delivered frames', async () => {
    const model = await environment.model();
    const { url, proxy } = await startProxy(environment, (await environment.postgres()).url);
    const app = await environment.app({ POSTGRES_URL: url, OPENAI_BASE_URL: model.baseUrl });
    const user = await TestUser.createGuest(app.baseUrl);
    const body = user.messageBody('[[scenario:tokens n=500 hold=400 rate=50]]');
    const tab = await Tab.send(user, body);
    await tab.waitForText('t50 ');
    // The heartbeats' own connection keeps working: the database counts as reachable.
    proxy.blackhole({ except: 'insert into instance' });
    await waitUntil(() => expect(app.logs()).toContain('are delivered before their commit'));
    // Delivered while nothing can be saved.
    await tab.waitForText('t399 ');
    await waitUntilFramesSaved(app, 120_000);
    const deliveredParts = tab.foldedMessage.parts;
    await app.kill9();
    await app.restart();
    const storedAnswer = (await user.getChat(body.id)).messages[1];
    expect(storedAnswer?.status).toBe('interrupted');
    expectContains(storedAnswer, deliveredParts);
  });
});

/**
 * Starts a proxy in front of the database, through which the test simulates network failures.
 * Returns it and the database URL that goes through it.
 */
async function startProxy(
  environment: TestEnvironment,
  databaseUrl: string,
): Promise<{ url: string; proxy: DatabaseProxy }> {
  const url = new URL(databaseUrl);
  const proxy = await startDatabaseProxy(Number(url.port));
  environment.addCleanup(proxy.stop);
  url.port = String(proxy.port);
  return { url: url.href, proxy };
}

/**
 * Expects the read to succeed immediately. On a machine so busy that the database does not recover
 * in time, a read may fail, but only after it has been retried until its timeout.
 */
async function expectToSucceed(read: () => Promise<number>): Promise<void> {
  for (;;) {
    const startedAt = performance.now();
    if ((await read()) === 200) return;
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(READ_TIMEOUT_MS - 10);
  }
}
