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
    /** The language of a program, as the model named it. */
    language: text('language'),
    createdAt: createdAt(),
  },
  (t) => [index('document_chat').on(t.chatId), index('document_owner').on(t.ownerId)],
);

/** What is violated where two versions of a document take the same number. */
export const VERSION_PRIMARY_KEY = 'document_version_document_id_version_pk';

/** Append only: a change is a new version, whoever made it. */
export const documentVersion = pgTable(
  'document_version',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => document.id, { onDelete: 'cascade' }),
    /** From 1; with gaps only where saves of one step were thinned out (lib/server/documents/version-quota). */
    version: integer('version').notNull(),
    content: text('content').notNull(),
    author: text('author', { enum: ['model', 'user'] }).notNull(),
    /** The message whose run wrote it; null for a person's edit. */
    messageId: uuid('message_id'),
    /** The version it was made from: its author had seen that one, and none between it and this. */
    baseVersion: integer('base_version'),
    /** The version whose content it repeats, where the person restored one. */
    restoredFrom: integer('restored_from'),
    /** False where the writing was cut short: by a stop, an error or a crash. */
    complete: boolean('complete').notNull().default(true),
    /** The key of the writing: written down twice, it is still one version. */
    writingId: text('writing_id'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: VERSION_PRIMARY_KEY, columns: [t.documentId, t.version] }),
    uniqueIndex('document_version_writing').on(t.documentId, t.writingId),
  ],
);

/**
 * What all versions of a document take, kept by triggers on `document_version`. A table of its own: a row
 * of `document` may be locked before a version is added, or after.
 */
export const documentSize = pgTable('document_size', {
  documentId: uuid('document_id')
    .primaryKey()
    .references(() => document.id, { onDelete: 'cascade' }),
  /** The content of each version in UTF-8, and 16 KB for each. */
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
});

/** A change to a document that the model proposes: what is to stand in place of what. */
export const suggestion = pgTable(
  'suggestion',
  {
    id: uuid('id').primaryKey(),
    documentId: uuid('document_id')
      .notNull()
      .references(() => document.id, { onDelete: 'cascade' }),
    /** The version it was made for. */
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
