import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionCache } from '@/lib/auth/session-cache';
import { sql } from '@/lib/db/client';
import { migrate } from '@/lib/db/migrate';
import { directDatabase, startPostgres, type TestPostgres } from '@/tests/support/services';
import { Browser } from './browser';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
  await migrate(directDatabase(server.url));
  process.env.POSTGRES_URL = server.url;
});
afterAll(async () => {
  await sql().end({ timeout: 5 });
  await server.stop();
});

it('a person stays who they are while the database is away, and after it is back', async () => {
  const browser = new Browser();
  const { body } = await browser.visit();
  // As where the process hears of every session that ends (lib/server/watch-sessions).
  sessionCache().believeMs = () => 60_000;
  await browser.userId();
  await server.pause();

  expect(await browser.userId()).toBe(body.user?.id);
  const cookies = new Map(browser.cookies);
  expect(await browser.refresh()).toMatchObject({
    status: 503,
    body: { code: 'database_unavailable' },
  });
  expect(browser.cookies).toEqual(cookies);

  await server.resume();
  expect((await browser.visit()).body.user?.id).toBe(body.user?.id);
});

it('a session that is not known yet is "unavailable", not "nobody"', async () => {
  const browser = new Browser();
  await browser.visit();
  await server.pause();
  await expect(browser.identity()).rejects.toMatchObject({ code: 'database_unavailable' });
  expect(await browser.visit()).toMatchObject({ status: 503 });
  for (const visitor of [browser, new Browser()]) {
    expect(await visitor.signIn('ada@example.com')).toMatchObject({ status: 503 });
    expect(await visitor.signUp('ada@example.com')).toMatchObject({ status: 503 });
  }
  await server.resume();
});
