import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionCache } from '@/lib/server/account/session-cache';
import { sql } from '@/lib/server/db/client';
import { migrate } from '@/lib/server/db/migrate';
import { directDatabase, startPostgres, type TestPostgres } from '@/tests/support/services';
import { BrowserClient } from './browser-client';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
  await migrate(directDatabase(server.url));
  process.env.POSTGRES_URL = server.url;
});
afterAll(async () => {
  await sql().end({ timeout: 5 });
  await server.destroy();
});

it('a user stays signed in during and after a database outage', async () => {
  const browser = new BrowserClient();
  const { body } = await browser.startSession();
  // As in a process that receives every session end (lib/server/lifecycle/watch-sessions).
  sessionCache().maxAgeMs = () => 60_000;
  await browser.userId();
  await server.shutDown();

  expect(await browser.userId()).toBe(body.user?.id);
  const cookies = new Map(browser.cookies);
  expect(await browser.getSession()).toMatchObject({
    status: 503,
    body: { code: 'database_unavailable' },
  });
  expect(browser.cookies).toEqual(cookies);

  await server.restart();
  expect((await browser.startSession()).body.user?.id).toBe(body.user?.id);
});

it('a session that is not cached yet is reported as unavailable, not as signed out', async () => {
  const browser = new BrowserClient();
  await browser.startSession();
  await server.shutDown();
  await expect(browser.identity()).rejects.toMatchObject({ code: 'database_unavailable' });
  expect(await browser.startSession()).toMatchObject({ status: 503 });
  for (const visitor of [browser, new BrowserClient()]) {
    expect(await visitor.signIn('ada@example.com')).toMatchObject({ status: 503 });
    expect(await visitor.signUp('ada@example.com')).toMatchObject({ status: 503 });
  }
  await server.restart();
});
