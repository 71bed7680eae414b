import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { chat } from './chat';
import { createdAt } from './columns';

export const document = pgTable(
  'document',
  {
    id: uuid('id').primaryKey(),
    chatId: uuid('chat_id')
      .notNull()
      .references(() => chat.id, { onDelete: 'cascade' }),
    ownerId: text('owner_id').notNull(),
    kind: text('kind').$type<ArtifactKind>().notNull(),
    title: text('title').notNull(),
    /** The programming language, as named by the model. */
    language: text('language'),
    createdAt: createdAt(),
  },
  (t) => [index('document_chat').on(t.chatId), index('document_owner').on(t.ownerId)],
);

/** The constraint that is violated if two versions of a document get the same number. */
export const VERSION_PRIMARY_KEY = 'document_version_document_id_version_pk';

/** Append-only: every change, by the model or the user, is a new version. */
export const documentVersion = pgTable(
  'document_version',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => document.id, { onDelete: 'cascade' }),
    /**
     * From 1. Gaps occur only where consecutive saves were thinned out
     * (lib/server/documents/version-quota).
     */
    version: integer('version').notNull(),
    content: text('content').notNull(),
    author: text('author', { enum: ['model', 'user'] }).notNull(),
    /** The message whose run wrote it; null for an edit by the user. */
    messageId: uuid('message_id'),
    /** The version it is based on: its author had not seen any version after that one. */
    baseVersion: integer('base_version'),
    /** The version whose content it repeats, if the user restored one. */
    restoredFrom: integer('restored_from'),
    /** False if the version is incomplete (stop, error or crash). */
    complete: boolean('complete').notNull().default(true),
    /** The idempotency key of the document write: saving it twice adds one version. */
    writingId: text('writing_id'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: VERSION_PRIMARY_KEY, columns: [t.documentId, t.version] }),
    uniqueIndex('document_version_writing').on(t.documentId, t.writingId),
  ],
);

/**
 * The total size of a document's versions, maintained by triggers on `document_version`. A separate
 * table, because transactions lock the row of `document` before or after they add a version, in no
 * fixed order.
 */
export const documentSize = pgTable('document_size', {
  documentId: uuid('document_id')
    .primaryKey()
    .references(() => document.id, { onDelete: 'cascade' }),
  /** For each version, its content in UTF-8 plus 16 KB. */
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
});

/** A replacement of text in a document, proposed by the model. */
export const suggestion = pgTable(
  'suggestion',
  {
    id: uuid('id').primaryKey(),
    documentId: uuid('document_id')
      .notNull()
      .references(() => document.id, { onDelete: 'cascade' }),
    /** The version it refers to. */
    version: integer('version').notNull(),
    originalText: text('original_text').notNull(),
    suggestedText: text('suggested_text').notNull(),
    description: text('description').notNull(),
    status: text('status', { enum: ['open', 'applied', 'dismissed'] })
      .notNull()
      .default('open'),
    /** The message whose run proposed it. */
    messageId: uuid('message_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('suggestion_open').on(t.documentId).where(sql`${t.status} = 'open'`)],
);
