import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '@/lib/db/client';
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

/** First visit, account, sign-out, sign-in: all of it, in one browser. */
async function liveThrough(browser: Browser): Promise<void> {
  const email = anEmail();
  expect((await browser.visit()).status).toBe(200);
  expect((await browser.signUp(email)).status).toBe(200);
  expect((await browser.signOut()).status).toBe(200);
  expect((await browser.visit()).status).toBe(200);
  expect((await browser.signIn(email)).status).toBe(200);
  expect((await browser.identity())?.email).toBe(email);
}

describe('accounts work at', () => {
  it.each([
    'http://localhost:3000',
    'http://192.168.1.20:3000',
    'http://[fd00::20]:3000',
    'http://chat.lan',
  ])('%s, where cookies must not be Secure', async (origin) => {
    const browser = new Browser(origin);
    await liveThrough(browser);
    expect(browser.lastSet.length).toBeGreaterThan(0);
    expect(browser.lastSet.join()).not.toMatch(/secure/i);
  });

  it('https://chat.example.com behind a proxy, where they must be', async () => {
    const browser = new Browser('https://chat.example.com');
    await liveThrough(browser);
    expect(browser.lastSet.length).toBeGreaterThan(0);
    for (const line of browser.lastSet) expect(line).toContain('; Secure');
  });

  it('https behind two proxies that both add to the headers', async () => {
    const browser = new Browser('https://chat.example.com');
    browser.extra = {
      'x-forwarded-proto': 'https, http',
      'x-forwarded-host': 'chat.example.com, inner:8080',
      'x-forwarded-for': '203.0.113.7, 10.0.0.9',
    };
    await liveThrough(browser);
  });

  it('https behind a proxy that gives the app another host, where the browser vouches', async () => {
    const browser = new Browser('https://chat.example.com');
    browser.extra = { 'x-forwarded-host': '127.0.0.1:3000', 'sec-fetch-site': 'same-origin' };
    await liveThrough(browser);
  });
});

describe('cookies', () => {
  it('are out of reach of scripts and of other sites', async () => {
    const browser = new Browser();
    await browser.visit();
    expect(browser.lastSet.length).toBe(1);
    for (const line of browser.lastSet) {
      expect(line).toMatch(/^throughline\./);
      expect(line).toContain('; HttpOnly');
      expect(line).toContain('; SameSite=Lax');
      expect(line).toContain('; Path=/');
    }
  });

  it('of http are not taken at https, where a stranger on the wire could have set them', async () => {
    const plain = new Browser('http://chat.example.com');
    await plain.visit();
    const secure = new Browser('https://chat.example.com');
    for (const [name, value] of plain.cookies) secure.cookies.set(name, value);
    expect(await secure.identity()).toBeNull();
  });
});
