import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POST } from '@/app/api/auth/[action]/route';
import { db, sql } from '@/lib/db/client';
import { user } from '@/lib/db/schema';
import { freshDatabase } from '@/tests/support/services';
import { anEmail, Browser } from './browser';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

describe('what went wrong is said in plain words', () => {
  it.each([
    [
      'an address that is none',
      { email: 'not an address', password: 'long enough' },
      400,
      'email_invalid',
    ],
    [
      'an endless address',
      { email: `${'a'.repeat(300)}@example.com`, password: 'long enough' },
      400,
      'email_invalid',
    ],
    ['a short password', { email: anEmail(), password: 'seven77' }, 400, 'password_too_short'],
    ['no password', { email: anEmail(), password: '' }, 400, 'password_too_short'],
    ['a long password', { email: anEmail(), password: 'x'.repeat(129) }, 400, 'password_too_long'],
    [
      'an endless password',
      { email: anEmail(), password: 'x'.repeat(5_000) },
      400,
      'password_too_long',
    ],
    ['fields that are missing', {}, 400, 'bad_request'],
    ['fields of another type', { email: ['a@example.com'], password: {} }, 400, 'bad_request'],
    ['null', null, 400, 'bad_request'],
  ])('creating an account with %s', async (_, fields, status, code) => {
    const before = await db().$count(user);
    const answer = await new Browser().post('sign-up', fields);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.message).toMatch(/^[A-Z].*\.$/);
    expect(await db().$count(user)).toBe(before);
  });

  it('signing up with an address that has an account is signing in, or one refusal for all', async () => {
    const email = anEmail();
    const { body } = await new Browser().signUp(email);
    expect(await new Browser().signUp(email)).toMatchObject({ status: 200, body });
    expect(await new Browser().signUp(email, 'another horse')).toMatchObject({
      status: 400,
      body: { code: 'sign_up_refused' },
    });
    expect((await new Browser().signUp(email, 'short')).body.code).toBe('password_too_short');
  });

  it('a wrong password and an unknown address read the same', async () => {
    const email = anEmail();
    await new Browser().signUp(email);
    const wrong = await new Browser().signIn(email, 'wrong horse');
    const unknown = await new Browser().signIn(anEmail());
    expect(wrong).toMatchObject({ status: 400, body: { code: 'wrong_credentials' } });
    expect(unknown).toEqual(wrong);
  });
});

describe('guessing is slowed down', () => {
  it('from one address, over several accounts', async () => {
    const browser = new Browser();
    const codes: unknown[] = [];
    // Refused before the costly look at the password, and counted all the same.
    for (let i = 0; i < 21; i += 1) codes.push((await browser.signIn(`nobody-${i}`)).body.code);
    expect(codes.slice(0, 20)).toEqual(Array(20).fill('email_invalid'));
    expect(codes[20]).toBe('too_many_tries');
    expect((await new Browser().signIn(anEmail())).body.code).toBe('wrong_credentials');
  });

  it('at one account from one address, by sign-up too, and the user is not locked out', async () => {
    const email = anEmail();
    const known = new Browser();
    await known.signUp(email);
    await known.signOut();
    const attacker = new Browser();
    const guess = (i: number) =>
      i % 2 === 0 ? attacker.signIn(email, 'wrong horse') : attacker.signUp(email, 'wrong horse');
    for (let i = 0; i < 10; i += 1) expect((await guess(i)).status).toBe(400);
    expect((await guess(10)).body.code).toBe('too_many_tries');
    expect((await guess(11)).body.code).toBe('too_many_tries');

    expect((await new Browser().signIn(email)).status).toBe(200);
    // Many addresses together spend the account's own limit. Who was signed in before gets in still.
    await sql()`update rate_limit set points = 100 where key like 'guessesByAccount:%'`;
    expect((await new Browser().signIn(email)).body.code).toBe('too_many_tries');
    expect((await known.signIn(email)).status).toBe(200);
  }, 120_000);

  it('at the hash of one account by a browser that knows it, and others go on', async () => {
    const email = anEmail();
    const known = new Browser();
    await known.signUp(email);
    const codes: unknown[] = [];
    for (let i = 0; i < 21; i += 1) codes.push((await known.signIn(email)).body.code);
    expect(codes.slice(0, 20)).toEqual(Array(20).fill(undefined));
    expect(codes[20]).toBe('too_many_tries');
    expect((await new Browser().signIn(email)).status).toBe(200);
  }, 120_000);

  it('for guests of one address, who are told when to come back', async () => {
    const crowd = new Browser();
    for (let i = 0; i < 60; i += 1) {
      crowd.cookies.clear();
      expect((await crowd.visit()).status).toBe(200);
    }
    crowd.cookies.clear();
    crowd.extra = { 'x-forwarded-for': '198.51.100.1' };
    expect(await crowd.visit()).toMatchObject({ status: 429, body: { code: 'too_many_guests' } });
    expect((await new Browser().visit()).status).toBe(200);
  }, 120_000);
});

describe('what is not a form of this app is refused', () => {
  const send = (init: RequestInit, action = 'sign-in') =>
    POST(new Request('http://localhost/', { method: 'POST', ...init }), {
      params: Promise.resolve({ action }),
    });

  it.each([
    ['a form', { body: new URLSearchParams({ email: 'a@b.c' }) }, 415],
    ['no body', { headers: { 'content-type': 'application/json' } }, 400],
    ['broken JSON', { body: '{"email":', headers: { 'content-type': 'application/json' } }, 400],
    [
      'a huge body',
      {
        body: JSON.stringify({ email: 'x'.repeat(1_100_000) }),
        headers: { 'content-type': 'application/json' },
      },
      413,
    ],
  ])('%s', async (_, init, status) => {
    expect((await send(init)).status).toBe(status);
  });

  it('an action that does not exist', async () => {
    expect((await send({}, 'delete-user')).status).toBe(404);
  });

  it.each(['sign-in', 'sign-up', 'sign-out'])(
    "another site's page asking to %s",
    async (action) => {
      const browser = new Browser();
      await browser.visit();
      browser.extra = { origin: 'https://evil.example' };
      expect(
        await browser.post(action, { email: anEmail(), password: 'long enough' }),
      ).toMatchObject({ status: 403, body: { code: 'foreign_page' } });
    },
  );

  it("another site's page asking for a new guest in place of who is there", async () => {
    const browser = new Browser();
    browser.extra = { 'sec-fetch-site': 'cross-site' };
    expect(await browser.visit()).toMatchObject({ status: 403, body: { code: 'foreign_page' } });
    expect(browser.lastSet).toEqual([]);
  });
});
