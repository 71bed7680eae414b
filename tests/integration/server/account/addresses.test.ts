import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '@/lib/server/db/client';
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

/** First visit, account, sign-out, sign-in: all of it, in one browser. */
async function runAccountFlow(browser: BrowserClient): Promise<void> {
  const email = uniqueEmail();
  expect((await browser.startSession()).status).toBe(200);
  expect((await browser.signUp(email)).status).toBe(200);
  expect((await browser.signOut()).status).toBe(200);
  expect((await browser.startSession()).status).toBe(200);
  expect((await browser.signIn(email)).status).toBe(200);
  expect((await browser.identity())?.email).toBe(email);
}

describe('accounts work', () => {
  it.each([
    'http://localhost:3000',
    'http://192.168.1.20:3000',
    'http://[fd00::20]:3000',
    'http://chat.lan',
  ])('at %s, with cookies that are not Secure', async (origin) => {
    const browser = new BrowserClient(origin);
    await runAccountFlow(browser);
    expect(browser.lastSetCookies.length).toBeGreaterThan(0);
    expect(browser.lastSetCookies.join()).not.toMatch(/secure/i);
  });

  it('at https://chat.example.com behind a proxy, with Secure cookies', async () => {
    const browser = new BrowserClient('https://chat.example.com');
    await runAccountFlow(browser);
    expect(browser.lastSetCookies.length).toBeGreaterThan(0);
    for (const line of browser.lastSetCookies) expect(line).toContain('; Secure');
  });

  it('at https behind two proxies that both append to the headers', async () => {
    const browser = new BrowserClient('https://chat.example.com');
    browser.extraHeaders = {
      'x-forwarded-proto': 'https, http',
      'x-forwarded-host': 'chat.example.com, inner:8080',
      'x-forwarded-for': '203.0.113.7, 10.0.0.9',
    };
    await runAccountFlow(browser);
  });

  it('at https behind a proxy that changes the host, because the Origin header is trusted', async () => {
    const browser = new BrowserClient('https://chat.example.com');
    browser.extraHeaders = {
      'x-forwarded-host': '127.0.0.1:3000',
      'sec-fetch-site': 'same-origin',
    };
    await runAccountFlow(browser);
  });
});

describe('cookies', () => {
  it('are not accessible to scripts and other sites', async () => {
    const browser = new BrowserClient();
    await browser.startSession();
    expect(browser.lastSetCookies.length).toBe(1);
    for (const line of browser.lastSetCookies) {
      expect(line).toMatch(/^throughline\./);
      expect(line).toContain('; HttpOnly');
      expect(line).toContain('; SameSite=Lax');
      expect(line).toContain('; Path=/');
    }
  });

  it('set over http are not accepted over https, because a network attacker could have set them', async () => {
    const plain = new BrowserClient('http://chat.example.com');
    await plain.startSession();
    const secure = new BrowserClient('https://chat.example.com');
    for (const [name, value] of plain.cookies) secure.cookies.set(name, value);
    expect(await secure.identity()).toBeNull();
  });
});
