/**
 * Everything that a user owns except for temporary and deleted chats, as JSON text in pieces:
 * memory is bounded by the largest row.
 */

import type { ExportedChat, UserExport } from '@/lib/protocol/api';
import type { Identity } from '@/lib/server/account/identity';
import { CHAT_SETTINGS_SQL } from '@/lib/server/chat/chat-settings';
import { sql as pool } from '@/lib/server/db/client';
import { readStoredSettings } from '@/lib/server/settings/user-settings';

/** Rows whose ids are read at once. */
const PAGE_SIZE = 500;
/** Bytes of the rows that are read at once; a single row may exceed it. */
const MAX_BATCH_BYTES = 2_000_000;

type Head = Omit<UserExport, 'chats'>;
type ChatHead = Omit<ExportedChat, 'messages' | 'documents'>;
type ExportedMessage = ExportedChat['messages'][number];
type ExportedDocument = ExportedChat['documents'][number];

/**
 * Yields the text of a `UserExport`. Each chat is read when its turn comes: one that is deleted
 * meanwhile is missing or incomplete.
 */
export async function* exportUser({ userId, name, email }: Identity): AsyncGenerator<string> {
  const head: Head = {
    format: 'throughline-export',
    version: 1,
    exportedAt: new Date().toISOString(),
    user: { name, email },
    settings: await readStoredSettings(userId),
  };
  yield* open(head, 'chats');
  yield* list(chatsOf(userId), async function* (chat) {
    yield* open(chat, 'messages');
    yield* list(messagesOf(chat.id));
    yield ',"documents":[';
    yield* list(documentsOf(chat.id), async function* (document) {
      yield* open(document, 'versions');
      yield* list(versionsOf(document.id));
      yield '}';
    });
    yield '}';
  });
  yield '}\n';
}

/** The start of an object, up to the list that is its last property. */
function* open(head: object, listName: string): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"${listName}":[`;
}

/** The items of a list and its end. */
async function* list<T>(
  items: AsyncIterable<T>,
  print: (item: T) => AsyncIterable<string> | Iterable<string> = (item) => [JSON.stringify(item)],
): AsyncGenerator<string> {
  let separator = '\n';
  for await (const item of items) {
    yield separator;
    yield* print(item);
    separator = ',\n';
  }
  yield ']';
}

async function* chatsOf(userId: string): AsyncGenerator<ChatHead> {
  const sql = pool();
  const settings = sql.unsafe(
    CHAT_SETTINGS_SQL.map(({ key, column }) => `${column} as "${key}"`).join(', '),
  );
  // The order of ids: the time of the last message may change between two pages.
  for (let after = NIL_UUID; ; ) {
    const rows = await sql<ChatHead[]>`
      select id, title, ${settings}, ${isoTime('created_at')} as "createdAt",
        ${isoTime('updated_at')} as "updatedAt"
      from chat where owner_id = ${userId} and id > ${after}
        and deleted_at is null and not temporary
      order by id limit ${PAGE_SIZE}`;
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_SIZE) return;
    after = last.id;
  }
}

async function* messagesOf(chatId: string): AsyncGenerator<ExportedMessage> {
  const sql = pool();
  const rows = await sql<Array<SizedRow<string> & { parentId: string | null; deleted: boolean }>>`
    select id as key, octet_length(parts::text) as size, parent_id as "parentId",
      deleted_at is not null as deleted
    from message where chat_id = ${chatId} order by created_at`;
  // A deleted branch is purged later; its messages after the first one are not marked.
  const deletedIds = new Set<string>();
  for (const { key, parentId, deleted } of rows) {
    if (deleted || (parentId && deletedIds.has(parentId))) deletedIds.add(key);
  }
  const exported = rows.filter(({ key }) => !deletedIds.has(key));
  for (const ids of batchesOf(exported)) {
    yield* await sql<ExportedMessage[]>`
      select id, parent_id as "parentId", role, parts, status, model_ref as "modelRef", usage,
        ${isoTime('created_at')} as "createdAt"
      from message where id = any(${ids}::uuid[]) order by created_at`;
  }
}

async function* documentsOf(chatId: string): AsyncGenerator<Omit<ExportedDocument, 'versions'>> {
  yield* await pool()<Array<Omit<ExportedDocument, 'versions'>>>`
    select id, title, kind, language from document where chat_id = ${chatId}
    order by created_at, id`;
}

async function* versionsOf(documentId: string): AsyncGenerator<ExportedDocument['versions'][0]> {
  const sql = pool();
  const rows = await sql<Array<SizedRow<number>>>`
    select version as key, octet_length(content) as size from document_version
    where document_id = ${documentId} order by version`;
  for (const versions of batchesOf(rows)) {
    yield* await sql<ExportedDocument['versions']>`
      select version, author, complete, ${isoTime('created_at')} as "createdAt", content from document_version
      where document_id = ${documentId} and version = any(${versions}::int[]) order by version`;
  }
}

/** A column of times as ISO 8601, as the API returns them. */
const isoTime = (column: 'created_at' | 'updated_at') =>
  pool().unsafe(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

const NIL_UUID = '00000000-0000-0000-0000-000000000000';

type SizedRow<Key> = { key: Key; size: number };

/** The keys in groups that are read at once. */
function* batchesOf<Key>(rows: ReadonlyArray<SizedRow<Key>>): Generator<Key[]> {
  let batch: Key[] = [];
  let batchSize = 0;
  for (const { key, size } of rows) {
    if (batch.length > 0 && (batchSize + size > MAX_BATCH_BYTES || batch.length === PAGE_SIZE)) {
      yield batch;
      [batch, batchSize] = [[], 0];
    }
    batch.push(key);
    batchSize += size;
  }
  if (batch.length > 0) yield batch;
}
