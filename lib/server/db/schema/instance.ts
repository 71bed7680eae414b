import { pgTable, text } from 'drizzle-orm/pg-core';
import { timestamptz } from './columns';

/** The processes that write runs, each with one lease for all of them. */
export const instance = pgTable('instance', {
  /** One life of a process: after a restart it is another. */
  id: text('id').primaryKey(),
  /** `Config.instance`: the same after a restart. */
  name: text('name').notNull(),
  /** The last heartbeat. */
  seenAt: timestamptz('seen_at').notNull().defaultNow(),
});
