import { pgTable, text } from 'drizzle-orm/pg-core';
import { user } from './account';
import { storableJsonb } from './columns';

/** The settings that a user has changed (lib/protocol/user-settings). */
export const userSetting = pgTable('user_setting', {
  userId: text('user_id')
    .primaryKey()
    .references(() => user.id, { onDelete: 'cascade' }),
  settings: storableJsonb<Record<string, unknown>>('settings').notNull(),
});
