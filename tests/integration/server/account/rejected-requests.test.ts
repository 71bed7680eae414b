import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POST } from '@/app/api/auth/[action]/route';
import { db, sql } from '@/lib/server/db/client';
import { user } from '@/lib/server/db/schema';
import { freshDatabase } from '@/tests/support/services';
import { BrowserClient, uniqueEmail } from './browser-client';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

describe('an account request', () => {
  it.each([
    [
      'an invalid email address',
      { email: 'not an address', password: 'long enough' },
      400,
      'email_invalid',
    ],
    [
      'an email address over the length limit',
      { email: `${'a'.repeat(300)}@example.com`, password: 'long enough' },
      400,
      'email_invalid',
    ],
    ['a short password', { email: uniqueEmail(), password: 'seven77' }, 400, 'password_too_short'],
    ['no password', { email: uniqueEmail(), password: '' }, 400, 'password_too_short'],
    [
      'a long password',
      { email: uniqueEmail(), password: 'x'.repeat(129) },
      400,
      'password_too_long',
    ],
    [
      'a password over the schema limit',
      { email: uniqueEmail(), password: 'x'.repeat(5_000) },
      400,
      'password_too_long',
    ],
    ['missing fields', {}, 400, 'bad_request'],
    ['fields of a wrong type', { email: ['a@example.com'], password: {} }, 400, 'bad_request'],
    ['null', null, 400, 'bad_request'],
  ])(
    'to create an account with %s is rejected with a specific error',
    async (_, fields, status, code) => {
      const before = await db().$count(user);
      const response = await new BrowserClient().post('sign-up', fields);
      expect(response).toMatchObject({ status, body: { code } });
      expect(response.body.message).toMatch(/^[A-Z].*\.$/);
      expect(await db().$count(user)).toBe(before);
    },
  );

  it('to sign up with an existing email address signs in with the right password, and is rejected with a generic error otherwise', async () => {
    const email = uniqueEmail();
    const { body } = await new BrowserClient().signUp(email);
    expect(await new BrowserClient().signUp(email)).toMatchObject({ status: 200, body });
    expect(await new BrowserClient().signUp(email, 'another horse')).toMatchObject({
      status: 400,
      body: { code: 'sign_up_refused' },
    });
    expect((await new BrowserClient().signUp(email, 'short')).body.code).toBe('password_too_short');
  });

  it('to sign in gets the same error for an unknown email address as for a wrong password', async () => {
    const email = uniqueEmail();
    await new BrowserClient().signUp(email);
    const wrongPassword = await new BrowserClient().signIn(email, 'wrong horse');
    const unknown = await new BrowserClient().signIn(uniqueEmail());
    expect(wrongPassword).toMatchObject({ status: 400, body: { code: 'wrong_credentials' } });
    expect(unknown).toEqual(wrongPassword);
  });
});

describe('the rate limit', () => {
  it('applies to password guesses from one IP address for several accounts', async () => {
    const browser = new BrowserClient();
    const codes: unknown[] = [];
    // Rejected before the costly password check, and counted nevertheless.
    for (let i = 0; i < 21; i += 1) codes.push((await browser.signIn(`nobody-${i}`)).body.code);
    expect(codes.slice(0, 20)).toEqual(Array(20).fill('email_invalid'));
    expect(codes[20]).toBe('too_many_attempts');
    expect((await new BrowserClient().signIn(uniqueEmail())).body.code).toBe('wrong_credentials');
  });

  it('applies to password guesses for one account from one IP address, including sign-ups, without locking out its user', async () => {
    const email = uniqueEmail();
    const knownBrowser = new BrowserClient();
    await knownBrowser.signUp(email);
    await knownBrowser.signOut();
    const attacker = new BrowserClient();
    const guess = (i: number) =>
      i % 2 === 0 ? attacker.signIn(email, 'wrong horse') : attacker.signUp(email, 'wrong horse');
    for (let i = 0; i < 10; i += 1) expect((await guess(i)).status).toBe(400);
    expect((await guess(10)).body.code).toBe('too_many_attempts');
    expect((await guess(11)).body.code).toBe('too_many_attempts');

    expect((await new BrowserClient().signIn(email)).status).toBe(200);
    // Many IP addresses together reach the limit of the account. A known browser can still sign in.
    await sql()`update rate_limit set points = 100 where key like 'guessesByAccount:%'`;
    expect((await new BrowserClient().signIn(email)).body.code).toBe('too_many_attempts');
    expect((await knownBrowser.signIn(email)).status).toBe(200);
  });

  it('applies to sign-ins to one account by a known browser, without affecting other browsers', async () => {
    const email = uniqueEmail();
    const knownBrowser = new BrowserClient();
    await knownBrowser.signUp(email);
    for (let i = 0; i < 20; i += 1) expect((await knownBrowser.signIn(email)).status).toBe(200);
    expect((await knownBrowser.signIn(email)).body.code).toBe('too_many_attempts');
    expect((await new BrowserClient().signIn(email)).status).toBe(200);
  });

  it('applies to new guests from one IP address', async () => {
    const sharedAddress = new BrowserClient();
    for (let i = 0; i < 60; i += 1) {
      sharedAddress.cookies.clear();
      expect((await sharedAddress.startSession()).status).toBe(200);
    }
    sharedAddress.cookies.clear();
    // A client cannot evade the limit with a forged header.
    sharedAddress.extraHeaders = { 'x-forwarded-for': '198.51.100.1' };
    expect(await sharedAddress.startSession()).toMatchObject({
      status: 429,
      body: { code: 'too_many_guests' },
    });
    expect((await new BrowserClient().startSession()).status).toBe(200);
  });
});

describe('an invalid account request', () => {
  const send = (init: RequestInit, action = 'sign-in') =>
    POST(new Request('http://localhost/', { method: 'POST', ...init }), {
      params: Promise.resolve({ action }),
    });

  it.each([
    ['a form', { body: new URLSearchParams({ email: 'a@b.c' }) }, 415],
    ['no body', { headers: { 'content-type': 'application/json' } }, 400],
    ['invalid JSON', { body: '{"email":', headers: { 'content-type': 'application/json' } }, 400],
    [
      'a body over the limit',
      {
        body: JSON.stringify({ email: 'x'.repeat(1_100_000) }),
        headers: { 'content-type': 'application/json' },
      },
      413,
    ],
  ])('is rejected: %s', async (_, init, status) => {
    expect((await send(init)).status).toBe(status);
  });

  it('is rejected if its action does not exist', async () => {
    expect((await send({}, 'delete-user')).status).toBe(404);
  });

  it.each(['sign-in', 'sign-up', 'sign-out'])(
    'is rejected from another origin: %s',
    async (action) => {
      const browser = new BrowserClient();
      await browser.startSession();
      browser.extraHeaders = { origin: 'https://evil.example' };
      expect(
        await browser.post(action, { email: uniqueEmail(), password: 'long enough' }),
      ).toMatchObject({ status: 403, body: { code: 'cross_origin' } });
    },
  );

  it('is rejected from another origin if it would replace the current user with a guest', async () => {
    const browser = new BrowserClient();
    browser.extraHeaders = { 'sec-fetch-site': 'cross-site' };
    expect(await browser.startSession()).toMatchObject({
      status: 403,
      body: { code: 'cross_origin' },
    });
    expect(browser.lastSetCookies).toEqual([]);
  });
});
