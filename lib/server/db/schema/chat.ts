import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, timestamptz } from './columns';

export const chat = pgTable(
  'chat',
  {
    /** Made by the client. */
    id: uuid('id').primaryKey(),
    /** A `userId` of lib/auth. No foreign key: not every way of signing in keeps a row in "user". */
    ownerId: text('owner_id').notNull(),
    workroomId: text('workroom_id'),
    title: text('title').notNull().default(''),
    /** True until the model or the person has named it. */
    titlePending: boolean('title_pending').notNull().default(true),
    visibility: text('visibility', { enum: ['private', 'public'] })
      .notNull()
      .default('private'),
    modelRef: text('model_ref'),
    systemPrompt: text('system_prompt'),
    createdAt: createdAt(),
    /** The last time something was said in it: the order of the history. */
    updatedAt: timestamptz('updated_at').notNull().defaultNow(),
  },
  (t) => [
    // The history's pages: one index range scan each, whatever the table's size.
    index('chat_owner_recent').on(t.ownerId, sql`${t.updatedAt} desc`, sql`${t.id} desc`),
  ],
);
