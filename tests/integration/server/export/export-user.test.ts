import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GET } from '@/app/api/export/route';
import type { UserExport } from '@/lib/protocol/api';
import { db, sql } from '@/lib/server/db/client';
import { chat, documentVersion, message } from '@/lib/server/db/schema';
import { BrowserClient } from '@/tests/integration/server/account/browser-client';
import { createOwnedChat } from '@/tests/integration/server/account/owned-rows';
import { freshDatabase } from '@/tests/support/services';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

const exportOf = (browser: BrowserClient) =>
  GET(new Request('http://localhost:3000/api/export', { headers: browser.headers() }), {});

const text = (content: string) => [{ type: 'text' as const, text: content }];

it('an export contains all chats, branches and versions of the user, and nothing else', async () => {
  const browser = new BrowserClient();
  await browser.startSession();
  const userId = await browser.userId();
  const stranger = new BrowserClient();
  await stranger.startSession();
  await createOwnedChat(await stranger.userId());
  const { chatId, documentId } = await createOwnedChat(userId);
  const versions = [1, 2, 3].map((version) => ({
    documentId,
    version,
    content: `Version ${version} `.repeat(100_000),
    author: 'user' as const,
  }));
  await db().insert(documentVersion).values(versions);
  const [question, answer, deleted, belowDeleted] = [1, 2, 3, 4].map(() => randomUUID());
  const row = { chatId, status: 'complete' as const };
  const at = (second: number) => new Date(Date.UTC(2026, 10, 30, 12, 0, second));
  await db()
    .insert(message)
    .values([
      { ...row, id: question, role: 'user', parts: text('Hi "you"'), createdAt: at(1) },
      {
        ...{ ...row, id: answer, parentId: question, role: 'assistant', createdAt: at(2) },
        parts: text('x'.repeat(3_000_000)),
      },
      {
        ...{ ...row, id: deleted, parentId: question, role: 'assistant', createdAt: at(3) },
        ...{ parts: text('gone'), deletedAt: at(5) },
      },
      {
        ...{ ...row, id: belowDeleted, parentId: deleted, role: 'user', createdAt: at(4) },
        parts: text('gone, too'),
      },
    ] as Array<typeof message.$inferInsert>);
  // More than one page of chats.
  const others = Array.from({ length: 500 }, () => ({ id: randomUUID(), ownerId: userId }));
  await db().insert(chat).values(others);
  await db()
    .insert(chat)
    .values([
      { id: randomUUID(), ownerId: userId, temporary: true },
      { id: randomUUID(), ownerId: userId, deletedAt: at(5) },
    ]);

  const response = await exportOf(browser);
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="throughline-\d{4}-\d\d-\d\d\.json"$/,
  );
  const exported = (await response.json()) as UserExport;

  expect(exported).toMatchObject({ format: 'throughline-export', version: 1, settings: {} });
  const ids = exported.chats.map(({ id }) => id);
  expect(ids).toEqual([chatId, ...others.map(({ id }) => id)].sort());
  const found = exported.chats.find(({ id }) => id === chatId);
  expect(found).toMatchObject({ systemPrompt: null, modelRef: null });
  expect(found?.messages.map(({ id, parentId }) => [id, parentId])).toEqual([
    [question, null],
    [answer, question],
  ]);
  expect(found?.messages[0]).toMatchObject({
    parts: text('Hi "you"'),
    createdAt: '2026-11-30T12:00:01.000Z',
  });
  expect(found?.documents).toMatchObject([{ id: documentId, title: 'Notes', kind: 'text' }]);
  expect(found?.documents[0]?.versions.map(({ content }) => content)).toEqual(
    versions.map(({ content }) => content),
  );
});

it('one export runs at a time; one that the client leaves makes room for another', async () => {
  const browser = new BrowserClient();
  await browser.startSession();
  const first = await exportOf(browser);
  expect((await exportOf(browser)).status).toBe(429);
  await first.body?.cancel();
  const second = await exportOf(browser);
  expect(await second.json()).toMatchObject({ chats: [] });
  expect((await exportOf(browser)).status).toBe(200);
});
