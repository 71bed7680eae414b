import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { MessageStatus, Usage } from '@/lib/protocol/messages';
import { chat } from './chat';
import { createdAt, storableJsonb, timestamptz } from './columns';

/** The generation of one answer, running or ended. The last one of a chat is its newest stream. */
export const run = pgTable(
  'run',
  {
    id: uuid('id').primaryKey(),
    chatId: uuid('chat_id')
      .notNull()
      .references(() => chat.id, { onDelete: 'cascade' }),
    /** The assistant message it writes. */
    messageId: uuid('message_id').notNull(),
    ownerId: text('owner_id').notNull(),
    status: text('status').$type<MessageStatus>().notNull(),
    /** Incremented when another writer takes over; a write with an older epoch changes nothing. */
    epoch: integer('epoch').notNull().default(1),
    /** The `instance` that writes it; if that has died, the run is closed. */
    ownerInstance: text('owner_instance').notNull(),
    stopRequestedAt: timestamptz('stop_requested_at'),
    finishReason: text('finish_reason'),
    /** Usage of the whole message, including the earlier runs that this run continues. */
    usage: storableJsonb<Usage>('usage'),
    errorCode: text('error_code'),
    createdAt: createdAt(),
    finishedAt: timestamptz('finished_at'),
  },
  (t) => [
    // One live run per message: the second of two concurrent continuations violates this index.
    uniqueIndex('run_one_live').on(t.messageId).where(sql`${t.status} = 'running'`),
    // For whether a chat has a live run.
    index('run_live_chat').on(t.chatId).where(sql`${t.status} = 'running'`),
    // The reaper and the check of local runs read only live runs.
    index('run_live').on(t.ownerInstance).where(sql`${t.status} = 'running'`),
    index('run_chat').on(t.chatId, t.createdAt),
    // For counting a user's live runs before another one starts.
    index('run_live_owner').on(t.ownerId).where(sql`${t.status} = 'running'`),
    // For purging logs of finished runs.
    index('run_finished').on(t.finishedAt),
  ],
);

/**
 * The frames of live runs, written before they are delivered. They are folded into the message when
 * the run ends, and purged a while later. No foreign key: its check would cost more than the
 * insert. The insert accepts only frames whose run has a row (`lib/server/runs/write-ahead.ts`),
 * and a trigger on `run` deletes the frames of a deleted run.
 */
export const runLog = pgTable(
  'run_log',
  {
    runId: uuid('run_id').notNull(),
    epoch: integer('epoch').notNull(),
    /** From 0, without gaps within one epoch. */
    seq: integer('seq').notNull(),
    /** One or more data stream lines, each with its newline. */
    data: text('data').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.epoch, t.seq] })],
);
