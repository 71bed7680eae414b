import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GET } from '@/app/api/history/search/route';
import type { ChatSearchResult } from '@/lib/protocol/api';
import { db, sql } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { BrowserClient } from '@/tests/integration/server/account/browser-client';
import { freshDatabase } from '@/tests/support/services';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

it('chats are found by the characters of their title, those that contain the query first', async () => {
  const [browser, stranger] = [new BrowserClient(), new BrowserClient()];
  await browser.startSession();
  await stranger.startSession();
  const owner = await browser.userId();
  const titles = [
    'Packing list',
    'Pasta with lemon',
    '100% wool_\\',
    'Über Köln',
    'A packed lunch',
  ];
  const rows = titles.map((title, index) => ({
    ...{ id: randomUUID(), ownerId: owner, title },
    updatedAt: new Date(1_000_000 + index * 1_000),
  }));
  const ofStranger = { id: randomUUID(), ownerId: await stranger.userId(), title: 'Packing' };
  await db()
    .insert(chat)
    .values([...rows, ofStranger]);

  const search = async (query: string) => {
    const url = `http://localhost:3000/api/history/search?query=${encodeURIComponent(query)}`;
    const response = await GET(new Request(url, { headers: browser.headers() }), {});
    const { chats } = (await response.json()) as ChatSearchResult;
    return chats.map(({ title }) => title);
  };
  expect(await search('PACK')).toEqual(['A packed lunch', 'Packing list']);
  expect(await search('pkl')).toEqual(['A packed lunch', 'Packing list']);
  expect(await search('list')).toEqual(['Packing list']);
  expect(await search('pa i')).toEqual(['Pasta with lemon', 'Packing list']);
  expect(await search('%')).toEqual(['100% wool_\\']);
  expect(await search('_\\')).toEqual(['100% wool_\\']);
  expect(await search('über')).toEqual(['Über Köln']);
  expect(await search('  ')).toEqual([]);
  expect(await search('nothing like it')).toEqual([]);
});
