import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '@/lib/auth/identity';
import { type TurnRows, writeTurn } from '@/lib/chat/turn-rows';
import { db, sql } from '@/lib/db/client';
import { chat, session, user } from '@/lib/db/schema';
import { freshDatabase } from '@/tests/support/services';
import { giveChatTo, ownersOf } from './belongings';
import { anEmail, Browser } from './browser';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

async function guest(): Promise<Browser> {
  const browser = new Browser();
  await browser.visit();
  return browser;
}

describe('creating an account', () => {
  it('signs in to it at once, named after the e-mail address', async () => {
    const browser = await guest();
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
    const browser = await guest();
    const guestId = await browser.userId();
    const things = await giveChatTo(guestId);
    await browser.signUp(anEmail());

    const accountId = await browser.userId();
    expect(accountId).not.toBe(guestId);
    expect(await ownersOf(things)).toEqual([accountId]);
  });

  it('leaves nothing of the guest behind, and touches nobody else', async () => {
    const other = await guest();
    const others = await giveChatTo(await other.userId());
    const browser = await guest();
    const guestId = await browser.userId();
    await browser.signUp(anEmail());

    expect(await db().$count(user, eq(user.id, guestId))).toBe(0);
    expect(await db().$count(session, eq(session.userId, guestId))).toBe(0);
    expect(await ownersOf(others)).toEqual([await other.userId()]);
  });

  it('works without having been a guest', async () => {
    const browser = new Browser();
    expect((await browser.signUp(anEmail())).status).toBe(200);
    expect((await browser.identity())?.anonymous).toBe(false);
  });

  it('never says the password or its hash to anybody', async () => {
    const browser = await guest();
    const { body } = await browser.signUp(anEmail(), 'a very secret phrase');
    expect(JSON.stringify([body, [...browser.cookies]])).not.toContain('secret phrase');
    expect(Object.keys(body)).toEqual(['user']);
  });
});

describe('signing in', () => {
  it('adds the chats of the guest to those of the account', async () => {
    const email = anEmail();
    const first = await guest();
    await first.signUp(email);
    const accountId = await first.userId();
    const old = await giveChatTo(accountId);

    const second = await guest();
    const recent = await giveChatTo(await second.userId());
    const { status, body } = await second.signIn(email.toUpperCase());

    expect(status).toBe(200);
    expect(body.user?.id).toBe(accountId);
    expect(await second.userId()).toBe(accountId);
    expect(await ownersOf(old)).toEqual([accountId]);
    expect(await ownersOf(recent)).toEqual([accountId]);
  });

  it('to another account takes nothing along from the first', async () => {
    const [oneEmail, otherEmail] = [anEmail(), anEmail()];
    const browser = await guest();
    await browser.signUp(oneEmail);
    const oneId = await browser.userId();
    const things = await giveChatTo(oneId);
    await new Browser().signUp(otherEmail);

    await browser.signIn(otherEmail);

    expect(await browser.userId()).not.toBe(oneId);
    expect(await ownersOf(things)).toEqual([oneId]);
  });

  it('works for somebody whose session has died meanwhile', async () => {
    const email = anEmail();
    await new Browser().signUp(email);
    const browser = await guest();
    await db()
      .delete(session)
      .where(eq(session.userId, await browser.userId()));

    expect((await browser.signIn(email)).status).toBe(200);
    expect((await browser.identity())?.email).toBe(email);
  });

  it('with a wrong password leaves the guest a guest, chats and all', async () => {
    const email = anEmail();
    await new Browser().signUp(email);
    const browser = await guest();
    const guestId = await browser.userId();
    const things = await giveChatTo(guestId);

    await browser.signIn(email, 'wrong horse');

    expect(await browser.userId()).toBe(guestId);
    expect(await ownersOf(things)).toEqual([guestId]);
  });
});

describe('a session before signing in', () => {
  it('ends with it, so that a cookie from before is worth nothing afterwards', async () => {
    const [oneEmail, otherEmail] = [anEmail(), anEmail()];
    await new Browser().signUp(otherEmail);
    const browser = await guest();
    const asGuest = new Map(browser.cookies);
    await browser.signUp(oneEmail);
    const asOne = new Map(browser.cookies);
    await browser.signIn(otherEmail);

    for (const cookies of [asGuest, asOne]) {
      const thief = new Browser();
      for (const [name, value] of cookies) thief.cookies.set(name, value);
      expect(await thief.identity()).toBeNull();
    }
    expect((await browser.identity())?.email).toBe(otherEmail);
  });
});

describe('an account that is blocked', () => {
  it('is signed out and cannot sign in, and is told why only with the right password', async () => {
    const email = anEmail();
    const browser = await guest();
    await browser.signUp(email);
    await db().update(user).set({ blockedAt: new Date() }).where(eq(user.email, email));

    expect(await browser.identity()).toBeNull();
    expect((await new Browser().signIn(email)).body.code).toBe('account_blocked');
    expect((await new Browser().signIn(email, 'wrong horse')).body.code).toBe('wrong_credentials');
    await db().update(user).set({ blockedAt: null }).where(eq(user.email, email));
    expect((await new Browser().signIn(email)).status).toBe(200);
  });
});

describe('a chat that a guest begins while they become an account', () => {
  it('is never left behind without an owner', async () => {
    for (let round = 0; round < 10; round += 1) {
      const browser = await guest();
      const identity = await browser.identity();
      if (!identity) throw new Error('There is no guest.');
      const chatId = randomUUID();
      const [, written] = await Promise.all([
        browser.signUp(anEmail()),
        // Close to the moment in which the guest's things change hands.
        sleep(round * 20).then(() => writeTurn(aTurn(identity, chatId)).catch(() => false)),
      ]);
      const [row] = await db().select().from(chat).where(eq(chat.id, chatId));
      expect(row?.ownerId).toBe(written ? await browser.userId() : undefined);
    }
  });
});

/** The first turn of a new chat. */
function aTurn(identity: Identity, chatId: string): TurnRows {
  const questionId = randomUUID();
  const turn = {
    question: { id: questionId, parentId: null, text: 'hello' },
    questionId,
    answerId: randomUUID(),
    goesOn: null,
    firstLines: 'f:{}\n',
  };
  const run = { id: randomUUID(), owner: 'test' };
  return { identity, chatId, version: null, modelRef: 'none/none', run, turn } as TurnRows;
}

describe('signing out', () => {
  it('ends the session in the database too', async () => {
    const browser = await guest();
    await browser.signUp(anEmail());
    const before = new Map(browser.cookies);
    expect((await browser.signOut()).body).toEqual({ user: null });
    // What it is known by stays, and lets nobody in.
    expect([...browser.cookies.keys()]).toEqual(['throughline.device']);

    for (const [name, value] of before) browser.cookies.set(name, value);
    expect(await browser.identity()).toBeNull();
  });

  it('is no error without a session', async () => {
    expect((await new Browser().signOut()).status).toBe(200);
  });
});
