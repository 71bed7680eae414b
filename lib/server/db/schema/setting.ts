import { pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt } from './columns';

/** Values that the installation generated once for all of its processes: the signing secret. */
export const setting = pgTable('setting', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
  createdAt: createdAt(),
});
