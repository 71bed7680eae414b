import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { ErrorBody } from '@/lib/protocol/errors';
import type { MessagePart, MessageStatus, Usage } from '@/lib/protocol/messages';
import { chat } from './chat';
import { createdAt, storableJsonb, timestamptz } from './columns';

/** Messages form a tree: an edit or a new answer adds a sibling, and nothing is overwritten. */
export const message = pgTable(
  'message',
  {
    /** A user message's id is made by the client: the idempotency key of the send. */
    id: uuid('id').primaryKey(),
    chatId: uuid('chat_id')
      .notNull()
      .references(() => chat.id, { onDelete: 'cascade' }),
    /** The message this one answers to; null for the first of a chat. */
    parentId: uuid('parent_id'),
    role: text('role', { enum: ['user', 'assistant'] }).notNull(),
    parts: storableJsonb<MessagePart[]>('parts').notNull(),
    attachments: storableJsonb<never[]>('attachments').notNull().default([]),
    status: text('status').$type<MessageStatus>().notNull(),
    modelRef: text('model_ref'),
    usage: storableJsonb<Usage>('usage'),
    finishReason: text('finish_reason'),
    /** Why it failed or was interrupted, in the person's words. */
    error: storableJsonb<ErrorBody>('error'),
    /**
     * The `updated_at` that the chat got when this message was last selected among its siblings: the
     * one selected last is open. Null for an answer that is being made, and for one that failed.
     */
    selectedAt: timestamptz('selected_at'),
    createdAt: createdAt(),
    finishedAt: timestamptz('finished_at'),
  },
  (t) => [index('message_chat').on(t.chatId, t.createdAt)],
);
