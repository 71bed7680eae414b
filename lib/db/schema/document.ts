import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ArtifactKind } from '@/lib/protocol/events';
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
    createdAt: createdAt(),
  },
  (t) => [index('document_chat').on(t.chatId)],
);

/** Append only: a change is a new version, whoever made it. */
export const documentVersion = pgTable(
  'document_version',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => document.id, { onDelete: 'cascade' }),
    /** From 1, without gaps. */
    version: integer('version').notNull(),
    content: text('content').notNull(),
    author: text('author', { enum: ['model', 'user'] }).notNull(),
    /** The message whose run wrote it; null for a person's edit. */
    messageId: uuid('message_id'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.documentId, t.version] })],
);
