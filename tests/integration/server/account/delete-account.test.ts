import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DELETE as deleteAccountRoute } from '@/app/api/account/route';
import { DELETE as deleteHistoryRoute } from '@/app/api/history/route';
import { db, sql } from '@/lib/server/db/client';
import { account, chat, document, session, user, userSetting } from '@/lib/server/db/schema';
import { freshDatabase } from '@/tests/support/services';
import { BrowserClient, uniqueEmail } from './browser-client';
import { createOwnedChat, ownersOf } from './owned-rows';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

function deleteAccount(browser: BrowserClient, email: string | null): Promise<Response> {
  const headers = browser.headers();
  headers.set('content-type', 'application/json');
  const body = JSON.stringify({ email });
  const url = 'http://localhost:3000/api/account';
  return deleteAccountRoute(new Request(url, { method: 'DELETE', headers, body }), {});
}

async function signUp(): Promise<{ browser: BrowserClient; email: string; userId: string }> {
  const browser = new BrowserClient();
  const email = uniqueEmail();
  await browser.signUp(email);
  return { browser, email, userId: await browser.userId() };
}

it('a deleted account leaves nothing, and all its sessions end', async () => {
  const { browser, email, userId } = await signUp();
  const other = new BrowserClient();
  await other.signIn(email);
  const stranger = await signUp();
  const strangersChat = await createOwnedChat(stranger.userId);
  await createOwnedChat(userId);
  const ownChat = { ownerId: userId };
  await db()
    .insert(chat)
    .values([
      { ...ownChat, id: crypto.randomUUID(), temporary: true },
      { ...ownChat, id: crypto.randomUUID(), deletedAt: new Date() },
    ]);
  await db()
    .insert(userSetting)
    .values({ userId, settings: { theme: 'dark' } });

  for (const wrong of [null, '', stranger.email]) {
    const rejected = await deleteAccount(browser, wrong);
    expect(rejected.status).toBe(409);
    expect(await rejected.json()).toMatchObject({ code: 'account_mismatch' });
  }
  const response = await deleteAccount(browser, ` ${email.toUpperCase()}`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ user: null });
  expect(response.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/i);

  const counts = await Promise.all([
    db().$count(user, eq(user.id, userId)),
    db().$count(session, eq(session.userId, userId)),
    db().$count(account, eq(account.userId, userId)),
    db().$count(userSetting, eq(userSetting.userId, userId)),
    db().$count(chat, eq(chat.ownerId, userId)),
    db().$count(document, eq(document.ownerId, userId)),
  ]);
  expect(counts).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await browser.identity()).toBeNull();
  expect(await ownersOf(strangersChat)).toEqual([stranger.userId]);
  expect((await browser.signIn(email)).status).toBe(400);
});

it('a guest is deleted without an address', async () => {
  const browser = new BrowserClient();
  await browser.startSession();
  const userId = await browser.userId();
  expect((await deleteAccount(browser, 'guest@example.com')).status).toBe(409);
  expect((await deleteAccount(browser, null)).status).toBe(200);
  expect(await db().$count(user, eq(user.id, userId))).toBe(0);
});

it('all chats of a user are deleted at once, and no other', async () => {
  const { browser, userId } = await signUp();
  const stranger = await signUp();
  const strangersChat = await createOwnedChat(stranger.userId);
  // Also temporary chats and those whose deletion can still be undone.
  const ownChats = Array.from({ length: 450 }, (_, index) => ({
    id: crypto.randomUUID(),
    ownerId: userId,
    temporary: index % 2 === 0,
    deletedAt: index % 3 === 0 ? new Date() : null,
  }));
  await db().insert(chat).values(ownChats);
  const request = new Request('http://localhost:3000/api/history', {
    method: 'DELETE',
    headers: browser.headers(),
  });
  expect((await deleteHistoryRoute(request, {})).status).toBe(204);
  expect(await db().$count(chat, eq(chat.ownerId, userId))).toBe(0);
  expect(await ownersOf(strangersChat)).toEqual([stranger.userId]);
});
