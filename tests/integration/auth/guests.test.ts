import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeUnusedGuests } from '@/lib/auth/remove-guests';
import { db, sql } from '@/lib/db/client';
import { session, user } from '@/lib/db/schema';
import { freshDatabase } from '@/tests/support/services';
import { giveChatTo } from './belongings';
import { anEmail, Browser } from './browser';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

describe('a first visit', () => {
  it('makes a guest, without asking for anything', async () => {
    const browser = new Browser();
    expect(await browser.identity()).toBeNull();

    const { status, body } = await browser.visit();

    expect(status).toBe(200);
    expect(body.user).toMatchObject({ name: 'Guest', email: null, anonymous: true });
    expect(await browser.identity()).toEqual({
      userId: body.user?.id,
      sessionId: expect.any(String),
      workroomId: null,
      name: 'Guest',
      email: null,
      anonymous: true,
    });
  });

  it('makes the guest once: later visits are the same person', async () => {
    const browser = new Browser();
    const first = await browser.visit();
    const again = await browser.visit();
    const later = await browser.visit();

    expect(again.body.user?.id).toBe(first.body.user?.id);
    expect(later.body.user?.id).toBe(first.body.user?.id);
  });

  it('works twice at once: the browser is one of the two guests afterwards', async () => {
    const browser = new Browser();
    const made = await Promise.all([browser.visit(), browser.visit()]);

    const ids = made.map(({ body }) => body.user?.id);
    expect(ids).toContain(await browser.userId());
  });

  it('looking does not make a guest', async () => {
    const before = await db().$count(user);
    expect((await new Browser().refresh()).body).toEqual({ user: null });
    expect(await db().$count(user)).toBe(before);
  });
});

describe('a session', () => {
  it('that has expired is nobody, and the browser forgets it', async () => {
    const browser = new Browser();
    await browser.visit();
    await db()
      .update(session)
      .set({ expiresAt: new Date(Date.now() - 1000) });

    expect(await browser.identity()).toBeNull();
    expect((await browser.refresh()).body).toEqual({ user: null });
    expect(browser.cookies.size).toBe(0);
  });

  it('that has expired is replaced by a new guest at the next visit', async () => {
    const browser = new Browser();
    const { body } = await browser.visit();
    await db().delete(session);

    const again = await browser.visit();

    expect(again.body.user?.id).not.toBe(body.user?.id);
    expect(await browser.userId()).toBe(again.body.user?.id);
  });

  it.each([
    ['garbage', 'garbage'],
    ['percent signs that decode to nothing', '%E0%A4%A'],
    ['a token nobody signed', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.c2lnbmF0dXJl'],
    ['nothing at all', ''],
  ])('cookie with %s is nobody', async (_, value) => {
    const browser = new Browser();
    browser.cookies.set('throughline.session_token', value);
    expect(await browser.identity()).toBeNull();
    expect((await browser.visit()).body.user?.anonymous).toBe(true);
  });
});

describe("another person's session", () => {
  it('cannot be made out of its token: the signature is missing', async () => {
    const victim = new Browser();
    await victim.visit();
    const [row] = await db().select().from(session).limit(1);
    const thief = new Browser();
    await thief.visit();
    const [, signature] = (thief.cookies.get('throughline.session_token') ?? '').split('.');

    thief.cookies.set('throughline.session_token', `${row?.token}.${signature}`);
    expect(await thief.identity()).toBeNull();
    thief.cookies.set('throughline.session_token', row?.token ?? '');
    expect(await thief.identity()).toBeNull();
  });
});

describe('guests who left nothing behind', () => {
  /** As if the person had made the session, and last been here, so many days ago. */
  async function age(userId: string, days: { created: number; seen: number }): Promise<void> {
    const ago = (count: number) => new Date(Date.now() - count * 24 * 60 * 60_000);
    await db()
      .update(user)
      .set({ createdAt: ago(days.created) })
      .where(eq(user.id, userId));
    await db()
      .update(session)
      .set({ updatedAt: ago(days.seen) })
      .where(eq(session.userId, userId));
  }

  async function visitor(days: { created: number; seen: number }): Promise<Browser> {
    const browser = new Browser();
    await browser.visit();
    await age(await browser.userId(), days);
    return browser;
  }

  const exists = async (id: string) => (await db().$count(user, eq(user.id, id))) === 1;

  it('are removed after a week, and are new guests when they come back', async () => {
    const gone = await visitor({ created: 30, seen: 8 });
    const before = await gone.userId();
    expect(await removeUnusedGuests(sql())).toBe(1);
    expect(await exists(before)).toBe(false);
    expect((await gone.visit()).body.user?.id).not.toBe(before);
  });

  it('stay if they have a chat, were here lately, or have an account', async () => {
    const writer = await visitor({ created: 30, seen: 8 });
    await giveChatTo(await writer.userId());
    const regular = await visitor({ created: 30, seen: 6 });
    const owner = new Browser();
    await owner.visit();
    await owner.signUp(anEmail());
    await age(await owner.userId(), { created: 30, seen: 8 });

    expect(await removeUnusedGuests(sql())).toBe(0);
    for (const browser of [writer, regular, owner]) {
      expect(await exists(await browser.userId())).toBe(true);
    }
  });
});
