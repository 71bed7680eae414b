import { customType, timestamp } from 'drizzle-orm/pg-core';
import { toJsonb } from '@/lib/server/db/storable';

/** A point in time with its zone, to the millisecond, as a Date. */
export const timestamptz = (name: string) =>
  timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** When the row was made; set by the database. */
export const createdAt = () => timestamptz('created_at').notNull().defaultNow();

/** A jsonb column: what is written to it is made storable first (lib/server/db/storable). */
export const storableJsonb = <T>(name: string) =>
  customType<{ data: T; driverData: T | string }>({
    dataType: () => 'jsonb',
    toDriver: toJsonb,
  })(name);
