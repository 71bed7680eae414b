import { pgTable, text } from 'drizzle-orm/pg-core';
import { timestamptz } from './columns';

/** The processes that write runs. Each has one lease for all of its runs. */
export const instance = pgTable('instance', {
  /** Id of one process incarnation: a restart gets a new one. */
  id: text('id').primaryKey(),
  /** `Config.instance`: the same after a restart. */
  name: text('name').notNull(),
  /** Time of the last heartbeat. */
  seenAt: timestamptz('seen_at').notNull().defaultNow(),
});
