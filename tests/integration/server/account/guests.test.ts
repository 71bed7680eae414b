import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeUnusedGuests } from '@/lib/server/account/remove-unused-guests';
import { db, sql } from '@/lib/server/db/client';
import { session, user } from '@/lib/server/db/schema';
import { freshDatabase } from '@/tests/support/services';
import { BrowserClient, uniqueEmail } from './browser-client';
import { createOwnedChat } from './owned-rows';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

describe('a first visit', () => {
  it('creates a guest without asking for anything', async () => {
    const browser = new BrowserClient();
    expect(await browser.identity()).toBeNull();

    const { status, body } = await browser.startSession();

    expect(status).toBe(200);
    expect(body.user).toMatchObject({ name: 'Guest', email: null, anonymous: true });
    expect(await browser.identity()).toEqual({
      userId: body.user?.id,
      sessionId: expect.any(String),
      name: 'Guest',
      email: null,
      anonymous: true,
    });
  });

  it('creates the guest once, and later visits belong to the same user', async () => {
    const browser = new BrowserClient();
    const first = await browser.startSession();
    const secondVisit = await browser.startSession();
    const later = await browser.startSession();

    expect(secondVisit.body.user?.id).toBe(first.body.user?.id);
    expect(later.body.user?.id).toBe(first.body.user?.id);
  });

  it('works concurrently, and the browser is one of the two guests afterwards', async () => {
    const browser = new BrowserClient();
    const visits = await Promise.all([browser.startSession(), browser.startSession()]);

    const ids = visits.map(({ body }) => body.user?.id);
    expect(ids).toContain(await browser.userId());
  });

  it('does not create a guest when it only reads', async () => {
    const before = await db().$count(user);
    expect((await new BrowserClient().getSession()).body).toEqual({ user: null });
    expect(await db().$count(user)).toBe(before);
  });
});

describe('a session', () => {
  it('that has expired is rejected, and its cookie is cleared', async () => {
    const browser = new BrowserClient();
    await browser.startSession();
    await db()
      .update(session)
      .set({ expiresAt: new Date(Date.now() - 1000) });

    expect(await browser.identity()).toBeNull();
    expect((await browser.getSession()).body).toEqual({ user: null });
    expect(browser.cookies.size).toBe(0);
  });

  it('that has expired is replaced by a new guest at the next visit', async () => {
    const browser = new BrowserClient();
    const { body } = await browser.startSession();
    await db().delete(session);

    const secondVisit = await browser.startSession();

    expect(secondVisit.body.user?.id).not.toBe(body.user?.id);
    expect(await browser.userId()).toBe(secondVisit.body.user?.id);
  });

  it.each([
    ['an invalid value', 'garbage'],
    ['invalid percent-encoding', '%E0%A4%A'],
    ['an unsigned token', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.c2lnbmF0dXJl'],
    ['an empty value', ''],
  ])('cookie with %s is rejected', async (_, value) => {
    const browser = new BrowserClient();
    browser.cookies.set('throughline.session_token', value);
    expect(await browser.identity()).toBeNull();
    expect((await browser.startSession()).body.user?.anonymous).toBe(true);
  });
});

describe('a session of another user', () => {
  it('cannot be forged from its token, because the signature is missing', async () => {
    const victim = new BrowserClient();
    await victim.startSession();
    const [row] = await db().select().from(session).limit(1);
    const attacker = new BrowserClient();
    await attacker.startSession();
    const [, signature] = (attacker.cookies.get('throughline.session_token') ?? '').split('.');

    attacker.cookies.set('throughline.session_token', `${row?.token}.${signature}`);
    expect(await attacker.identity()).toBeNull();
    attacker.cookies.set('throughline.session_token', row?.token ?? '');
    expect(await attacker.identity()).toBeNull();
  });
});

describe('guests without any data', () => {
  /** Backdates the creation and the last visit of the guest by these days. */
  async function backdate(
    userId: string,
    days: { created: number; lastSeenDays: number },
  ): Promise<void> {
    const ago = (count: number) => new Date(Date.now() - count * 24 * 60 * 60_000);
    await db()
      .update(user)
      .set({ createdAt: ago(days.created) })
      .where(eq(user.id, userId));
    await db()
      .update(session)
      .set({ updatedAt: ago(days.lastSeenDays) })
      .where(eq(session.userId, userId));
  }

  async function createVisitor(days: {
    created: number;
    lastSeenDays: number;
  }): Promise<BrowserClient> {
    const browser = new BrowserClient();
    await browser.startSession();
    await backdate(await browser.userId(), days);
    return browser;
  }

  const exists = async (id: string) => (await db().$count(user, eq(user.id, id))) === 1;

  it('are removed after a week, and become new guests when they return', async () => {
    const removedGuest = await createVisitor({ created: 30, lastSeenDays: 8 });
    const before = await removedGuest.userId();
    expect(await removeUnusedGuests(sql())).toBe(1);
    expect(await exists(before)).toBe(false);
    expect((await removedGuest.startSession()).body.user?.id).not.toBe(before);
  });

  it('stay if they have a chat, visited recently, or have an account', async () => {
    const writer = await createVisitor({ created: 30, lastSeenDays: 8 });
    await createOwnedChat(await writer.userId());
    const regular = await createVisitor({ created: 30, lastSeenDays: 6 });
    const owner = new BrowserClient();
    await owner.startSession();
    await owner.signUp(uniqueEmail());
    await backdate(await owner.userId(), { created: 30, lastSeenDays: 8 });

    expect(await removeUnusedGuests(sql())).toBe(0);
    for (const browser of [writer, regular, owner]) {
      expect(await exists(await browser.userId())).toBe(true);
    }
  });
});
