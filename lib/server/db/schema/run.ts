import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { MessageStatus, Usage } from '@/lib/protocol/messages';
import { chat } from './chat';
import { createdAt, storableJsonb, timestamptz } from './columns';

/** One answer being made, or made. The streams of a chat, newest last by `createdAt`. */
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
    /** Rises when another writer takes over: a write that names an old one changes nothing. */
    epoch: integer('epoch').notNull().default(1),
    /** The `instance` that writes it; where that is dead, so is the run. */
    ownerInstance: text('owner_instance').notNull(),
    stopRequestedAt: timestamptz('stop_requested_at'),
    finishReason: text('finish_reason'),
    /** Of its message as a whole: earlier runs that it goes on with are in it. */
    usage: storableJsonb<Usage>('usage'),
    errorCode: text('error_code'),
    createdAt: createdAt(),
    finishedAt: timestamptz('finished_at'),
  },
  (t) => [
    // One live run a chat: the second of two sends at once fails here.
    uniqueIndex('run_one_live').on(t.chatId).where(sql`${t.status} = 'running'`),
    // The reaper and the heartbeat read just the live ones.
    index('run_live').on(t.ownerInstance).where(sql`${t.status} = 'running'`),
    index('run_chat').on(t.chatId, t.createdAt),
    // A person's live runs are counted before another one begins.
    index('run_live_owner').on(t.ownerId).where(sql`${t.status} = 'running'`),
    // Whose log may go.
    index('run_finished').on(t.finishedAt),
  ],
);

/**
 * The frames of live runs, written before anybody sees them; folded into the message and removed
 * when the run is final. No foreign key: its check would cost more than the insert. The insert takes
 * only frames whose run has a row (`lib/server/runs/write-ahead.ts`), and a trigger on `run` removes those of
 * a run that is deleted.
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
