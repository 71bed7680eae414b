import { customType, timestamp } from 'drizzle-orm/pg-core';
import { toJsonb } from '@/lib/server/db/storable';

/** A timestamp with time zone, with millisecond precision, as a Date. */
export const timestamptz = (name: string) =>
  timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** The creation time of the row; set by the database. */
export const createdAt = () => timestamptz('created_at').notNull().defaultNow();

/** A jsonb column whose values are sanitized before they are written (lib/server/db/storable). */
export const storableJsonb = <T>(name: string) =>
  customType<{ data: T; driverData: T | string }>({
    dataType: () => 'jsonb',
    toDriver: toJsonb,
  })(name);
