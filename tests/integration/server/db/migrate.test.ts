import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { getChat } from '@/lib/server/chat/get-chat';
import { sql as pool } from '@/lib/server/db/client';
import { MigrationBlockedError, migrate } from '@/lib/server/db/migrate';
import { directDatabase } from '@/tests/support/postgres';

const database = `migrate_${randomUUID().replaceAll('-', '')}`;
const url = new URL(inject('postgresUrl'));
url.pathname = `/${database}`;
process.env.POSTGRES_URL = url.href;
let earlier: string;
let admin: postgres.Sql;
let sql: postgres.Sql;
beforeAll(async () => {
  earlier = await mkdtemp(path.join(tmpdir(), 'throughline-migrations-'));
  admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} });
  await admin`create database ${admin(database)}`;
  sql = postgres(url.href, { max: 1, onnotice: () => {} });
  await cp('drizzle', earlier, { recursive: true });
});
beforeEach(async () => {
  await sql`drop schema if exists drizzle, public cascade`;
  await sql`create schema public`;
  await migrateBefore('0007_unused_columns');
});
afterAll(async () => {
  await pool().end({ timeout: 5 });
  await sql?.end();
  await admin?.unsafe(`drop database if exists ${database} with (force)`);
  await admin?.end();
  await rm(earlier, { recursive: true, force: true });
});

/** Migrates the database to the state that it had before the migration `tag`. */
async function migrateBefore(tag: string): Promise<void> {
  const journal = JSON.parse(await readFile('drizzle/meta/_journal.json', 'utf8'));
  const end = journal.entries.findIndex((entry: { tag: string }) => entry.tag === tag);
  expect(end).toBeGreaterThan(0);
  journal.entries = journal.entries.slice(0, end);
  await writeFile(path.join(earlier, 'meta/_journal.json'), JSON.stringify(journal));
  await migrate(directDatabase(url.href), { folder: earlier });
}

async function columnsOf(table: string): Promise<string[]> {
  const columns = await sql`
    select column_name from information_schema.columns where table_name = ${table}`;
  return columns.map(({ column_name }) => column_name);
}

it('a migration keeps all rows of an installation when it drops unused columns', async () => {
  expect(await columnsOf('chat')).toEqual(expect.arrayContaining(['visibility', 'workroom_id']));
  expect(await columnsOf('message')).toContain('attachments');
  const chatId = randomUUID();
  const messageId = randomUUID();
  const parts = [{ type: 'text', text: 'Kept' }];
  await sql`insert into chat (id, owner_id, workroom_id, visibility, title)
    values (${chatId}, 'owner', 'a room', 'public', 'A chat')`;
  await sql`insert into message (id, chat_id, role, parts, attachments, status)
    values (${messageId}, ${chatId}, 'user', ${sql.json(parts)}, '[{"name":"a.png"}]', 'complete')`;

  await migrate(directDatabase(url.href));

  const identity = { userId: 'owner', sessionId: '', name: '', email: null, anonymous: true };
  const { chat, messages } = await getChat(identity, chatId);
  expect(chat).toMatchObject({ id: chatId, title: 'A chat' });
  expect(messages).toMatchObject([{ id: messageId, role: 'user', parts, status: 'complete' }]);
  expect(messages[0]).not.toHaveProperty('content');
  const columns = [...(await columnsOf('chat')), ...(await columnsOf('message'))];
  for (const column of ['visibility', 'workroom_id', 'attachments'])
    expect(columns).not.toContain(column);
});

it('a migration waits for a process that locks the tables in the opposite order', async () => {
  const chatId = randomUUID();
  await sql`insert into chat (id, owner_id, title) values (${chatId}, 'owner', 'Before')`;
  let migrated: Promise<void> | undefined;
  await sql.begin(async (writer) => {
    await writer`lock table message in row exclusive mode`;
    migrated = migrate(directDatabase(url.href));
    const waiting = () => admin`
      select 1 from pg_stat_activity where datname = ${database} and wait_event_type = 'Lock'`;
    await expect.poll(waiting, { timeout: 60_000 }).toHaveLength(1);
    await writer`update chat set title = 'After' where id = ${chatId}`;
  });
  await migrated;
  expect(await sql`select title from chat`).toEqual([{ title: 'After' }]);
  expect(await columnsOf('chat')).not.toContain('visibility');
  expect(await columnsOf('message')).not.toContain('attachments');
});

it('a migration changes nothing and says what to do if the tables stay locked', async () => {
  await sql.begin(async (writer) => {
    await writer`lock table message in row exclusive mode`;
    const migrated = migrate(directDatabase(url.href), { lockAttempts: 1 });
    await expect(migrated).rejects.toThrow(MigrationBlockedError);
    await expect(migrated).rejects.toThrow('Stop all processes of the earlier version');
  });
  expect(await columnsOf('chat')).toContain('visibility');
  expect(await columnsOf('message')).toContain('attachments');
});
