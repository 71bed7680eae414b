import { pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt } from './columns';

/** What the installation decided for itself once, shared by its processes: its signing secret. */
export const setting = pgTable('setting', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
  createdAt: createdAt(),
});
