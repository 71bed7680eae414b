import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '@/lib/server/account/identity';
import { type TurnRows, writeTurn } from '@/lib/server/chat/turn-rows';
import { connect, db, sql } from '@/lib/server/db/client';
import { chat, session, user } from '@/lib/server/db/schema';
import { freshDatabase } from '@/tests/support/services';
import { BrowserClient, uniqueEmail } from './browser-client';
import { createOwnedChat, ownersOf } from './owned-rows';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  // The smallest pool: work that holds a connection while it waits for another one never ends.
  process.env.POSTGRES_POOL_SIZE = '2';
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

async function createGuest(): Promise<BrowserClient> {
  const browser = new BrowserClient();
  await browser.startSession();
  return browser;
}

describe('creating an account', () => {
  it('signs in immediately and takes the name from the email address', async () => {
    const browser = await createGuest();
    const { status, body } = await browser.signUp('Ada.Lovelace@Example.com');
    expect(status).toBe(200);
    expect(body.user).toMatchObject({
      name: 'ada.lovelace',
      email: 'ada.lovelace@example.com',
      anonymous: false,
    });
    expect(await browser.identity()).toMatchObject({ userId: body.user?.id, anonymous: false });
  });

  it('keeps the chats of the guest, with their runs and documents', async () => {
    const browser = await createGuest();
    const guestId = await browser.userId();
    const owned = await createOwnedChat(guestId);
    await browser.signUp(uniqueEmail());

    const accountId = await browser.userId();
    expect(accountId).not.toBe(guestId);
    expect(await ownersOf(owned)).toEqual([accountId]);
  });

  it('removes all rows of the guest and changes no other user', async () => {
    const other = await createGuest();
    const ownedByOther = await createOwnedChat(await other.userId());
    const browser = await createGuest();
    const guestId = await browser.userId();
    await browser.signUp(uniqueEmail());

    expect(await db().$count(user, eq(user.id, guestId))).toBe(0);
    expect(await db().$count(session, eq(session.userId, guestId))).toBe(0);
    expect(await ownersOf(ownedByOther)).toEqual([await other.userId()]);
  });

  it('works without a guest session', async () => {
    const browser = new BrowserClient();
    expect((await browser.signUp(uniqueEmail())).status).toBe(200);
    expect((await browser.identity())?.anonymous).toBe(false);
  });

  it('never returns the password or its hash', async () => {
    const browser = await createGuest();
    const { body } = await browser.signUp(uniqueEmail(), 'a very secret phrase');
    expect(JSON.stringify([body, [...browser.cookies]])).not.toContain('secret phrase');
    expect(Object.keys(body)).toEqual(['user']);
  });
});

describe('signing in', () => {
  it('adds the chats of the guest to the account', async () => {
    const email = uniqueEmail();
    const first = await createGuest();
    await first.signUp(email);
    const accountId = await first.userId();
    const old = await createOwnedChat(accountId);

    const second = await createGuest();
    const recent = await createOwnedChat(await second.userId());
    const { status, body } = await second.signIn(email.toUpperCase());

    expect(status).toBe(200);
    expect(body.user?.id).toBe(accountId);
    expect(await second.userId()).toBe(accountId);
    expect(await ownersOf(old)).toEqual([accountId]);
    expect(await ownersOf(recent)).toEqual([accountId]);
  });

  it('to another account moves nothing from the first one', async () => {
    const [oneEmail, otherEmail] = [uniqueEmail(), uniqueEmail()];
    const browser = await createGuest();
    await browser.signUp(oneEmail);
    const oneId = await browser.userId();
    const owned = await createOwnedChat(oneId);
    await new BrowserClient().signUp(otherEmail);

    await browser.signIn(otherEmail);

    expect(await browser.userId()).not.toBe(oneId);
    expect(await ownersOf(owned)).toEqual([oneId]);
  });

  it('works while the session expires concurrently', async () => {
    const email = uniqueEmail();
    await new BrowserClient().signUp(email);
    const browser = await createGuest();
    await db()
      .delete(session)
      .where(eq(session.userId, await browser.userId()));

    expect((await browser.signIn(email)).status).toBe(200);
    expect((await browser.identity())?.email).toBe(email);
  });

  it('with a wrong password leaves the guest and its chats unchanged', async () => {
    const email = uniqueEmail();
    await new BrowserClient().signUp(email);
    const browser = await createGuest();
    const guestId = await browser.userId();
    const owned = await createOwnedChat(guestId);

    await browser.signIn(email, 'wrong horse');

    expect(await browser.userId()).toBe(guestId);
    expect(await ownersOf(owned)).toEqual([guestId]);
  });
});

describe('concurrent sign-ups', () => {
  it('all succeed, and hold one connection of the pool at most', async () => {
    const observer = connect(database.url, 1);
    const signUps = Array.from({ length: 4 }, () => new BrowserClient().signUp(uniqueEmail()));
    let isDone = false;
    const all = Promise.all(signUps).finally(() => {
      isDone = true;
    });
    const heldCounts: number[] = [];
    while (!isDone) {
      const [row] = await observer<[{ held: number }]>`
        select count(*)::int as held from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction'`;
      heldCounts.push(row.held);
    }
    await observer.end();
    expect((await all).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(heldCounts.length).toBeGreaterThan(0);
    expect(Math.max(...heldCounts)).toBeLessThanOrEqual(1);
  });
});

describe('a session before signing in', () => {
  it('is invalidated, so that its old cookie is worthless afterwards', async () => {
    const [oneEmail, otherEmail] = [uniqueEmail(), uniqueEmail()];
    await new BrowserClient().signUp(otherEmail);
    const browser = await createGuest();
    const asGuest = new Map(browser.cookies);
    await browser.signUp(oneEmail);
    const asOne = new Map(browser.cookies);
    await browser.signIn(otherEmail);

    for (const cookies of [asGuest, asOne]) {
      const attacker = new BrowserClient();
      for (const [name, value] of cookies) attacker.cookies.set(name, value);
      expect(await attacker.identity()).toBeNull();
    }
    expect((await browser.identity())?.email).toBe(otherEmail);
  });
});

describe('a blocked account', () => {
  it('is signed out, cannot sign in, and learns the reason only with the right password', async () => {
    const email = uniqueEmail();
    const browser = await createGuest();
    await browser.signUp(email);
    await db().update(user).set({ blockedAt: new Date() }).where(eq(user.email, email));

    expect(await browser.identity()).toBeNull();
    expect((await new BrowserClient().signIn(email)).body.code).toBe('account_blocked');
    expect((await new BrowserClient().signIn(email, 'wrong horse')).body.code).toBe(
      'wrong_credentials',
    );
    await db().update(user).set({ blockedAt: null }).where(eq(user.email, email));
    expect((await new BrowserClient().signIn(email)).status).toBe(200);
  });
});

describe('a chat that a guest starts while signing up', () => {
  it('always has an owner', async () => {
    for (let round = 0; round < 10; round += 1) {
      const browser = await createGuest();
      const identity = await browser.identity();
      if (!identity) throw new Error('There is no guest.');
      const chatId = randomUUID();
      const [, wasWritten] = await Promise.all([
        browser.signUp(uniqueEmail()),
        // Close to the transfer of the guest's data.
        sleep(round * 20).then(() => writeTurn(newTurn(identity, chatId)).catch(() => false)),
      ]);
      const [row] = await db().select().from(chat).where(eq(chat.id, chatId));
      expect(row?.ownerId).toBe(wasWritten ? await browser.userId() : undefined);
    }
  });
});

/** The first turn of a new chat. */
function newTurn(identity: Identity, chatId: string): TurnRows {
  const userMessageId = randomUUID();
  const turn = {
    newUserMessage: { id: userMessageId, parentId: null, text: 'hello' },
    userMessageId,
    answerId: randomUUID(),
    continueFrom: null,
    firstLines: 'f:{}\n',
    queueFrom: [],
  };
  const run = { id: randomUUID(), owner: 'test' };
  return {
    userId: identity.userId,
    chatId,
    version: null,
    modelRef: 'none/none',
    settings: {},
    run,
    turn,
  } as TurnRows;
}

describe('signing out', () => {
  it('deletes the session from the database', async () => {
    const browser = await createGuest();
    await browser.signUp(uniqueEmail());
    const before = new Map(browser.cookies);
    expect((await browser.signOut()).body).toEqual({ user: null });
    // The device cookie stays and does not authenticate.
    expect([...browser.cookies.keys()]).toEqual(['throughline.device']);

    for (const [name, value] of before) browser.cookies.set(name, value);
    expect(await browser.identity()).toBeNull();
  });

  it('without a session is not an error', async () => {
    expect((await new BrowserClient().signOut()).status).toBe(200);
  });
});
