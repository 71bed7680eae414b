import { timestamp } from 'drizzle-orm/pg-core';

/** A point in time with its zone, to the millisecond, as a Date. */
export const instant = (name: string) =>
  timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** When the row was made; set by the database. */
export const createdAt = () => instant('created_at').notNull().defaultNow();
