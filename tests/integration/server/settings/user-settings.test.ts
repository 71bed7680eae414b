import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET, PATCH } from '@/app/api/settings/route';
import { applySettingsChange, type UserSettingsChange } from '@/lib/protocol/user-settings';
import { db, sql } from '@/lib/server/db/client';
import { userSetting } from '@/lib/server/db/schema';
import { BrowserClient, uniqueEmail } from '@/tests/integration/server/account/browser-client';
import { freshDatabase } from '@/tests/support/services';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

async function startSession(): Promise<BrowserClient> {
  const browser = new BrowserClient();
  await browser.startSession();
  return browser;
}

const URL = 'http://localhost:3000/api/settings';

const read = async (browser: BrowserClient) =>
  (await GET(new Request(URL, { headers: browser.headers() }), {})).json();

async function change(browser: BrowserClient, body: UserSettingsChange) {
  const headers = browser.headers();
  headers.set('content-type', 'application/json');
  const request = new Request(URL, { method: 'PATCH', headers, body: JSON.stringify(body) });
  const response = await PATCH(request, {});
  expect(response.status).toBe(200);
  return response.json();
}

describe('the settings of a user', () => {
  it('are empty at first, and require a session', async () => {
    expect(await read(await startSession())).toEqual({});
    expect((await GET(new Request(URL), {})).status).toBe(401);
  });

  it('change as the page expects', async () => {
    const browser = await startSession();
    const changes: UserSettingsChange[] = [
      { theme: 'dark', name: '  Ada \n Lovelace ' },
      { shortcuts: { newChat: '$mod+E', stop: '' } },
      { shortcuts: { newChat: null, settings: 'Alt+S' } },
      { theme: null, instructions: 'Be brief.' },
      { shortcuts: null },
      { shortcuts: { stop: null } },
    ];
    let expected = {};
    for (const body of changes) {
      expected = applySettingsChange(expected, body);
      if ('name' in expected) expected.name = 'Ada Lovelace';
      const changed = await change(browser, body);
      expect({ shortcuts: {}, ...changed }).toEqual({ shortcuts: {}, ...expected });
      expect(await read(browser)).toEqual(changed);
    }
    expect(expected).toEqual({ name: 'Ada Lovelace', instructions: 'Be brief.' });
  });

  it('keep all changes that are made at once', async () => {
    const browser = await startSession();
    const shortcuts = { newChat: '$mod+E', stop: 'Alt+X', settings: '' };
    await Promise.all([
      change(browser, { theme: 'dark' }),
      change(browser, { textSize: 'large' }),
      ...Object.entries(shortcuts).map(([action, keys]) =>
        change(browser, { shortcuts: { [action]: keys } }),
      ),
    ]);
    expect(await read(browser)).toEqual({ theme: 'dark', textSize: 'large', shortcuts });
  });

  it('belong to one user, and those of another version are ignored', async () => {
    const [browser, other] = [await startSession(), await startSession()];
    await change(browser, { theme: 'dark' });
    expect(await read(other)).toEqual({});
    await db()
      .update(userSetting)
      .set({ settings: { theme: 'sepia', textSize: 'small', later: 1 } });
    expect(await read(browser)).toEqual({ textSize: 'small' });
  });

  it('go with a guest to the account, whose own settings take precedence', async () => {
    const email = uniqueEmail();
    const first = await startSession();
    await change(first, { theme: 'dark', textSize: 'large' });
    await first.signUp(email);
    expect(await read(first)).toEqual({ theme: 'dark', textSize: 'large' });

    const second = await startSession();
    const guestId = await second.userId();
    await change(second, { theme: 'light', name: 'Ada' });
    await second.signIn(email);
    for (const browser of [first, second]) {
      expect(await read(browser)).toEqual({ theme: 'dark', textSize: 'large', name: 'Ada' });
    }
    const rows = await db().select().from(userSetting);
    expect(rows.map(({ userId }) => userId)).not.toContain(guestId);
  });
});
