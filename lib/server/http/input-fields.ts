/** Schemas of fields that several routes share. */
import { z } from 'zod';
import { isBlank } from '@/lib/protocol/is-blank';
import { storableText } from '@/lib/server/db/storable';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether Postgres reads the text as a `uuid`. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The largest number of Postgres's `integer`. */
export const MAX_PG_INTEGER = 2_147_483_647;

/**
 * Free text, made storable before it is checked further. Keys and names are refused instead where
 * they hold what Postgres cannot keep (lib/server/http/route): cleaned, two of them could become one.
 */
export const storableString = z.string().transform(storableText);

/** A title that a user gives. */
export const titleField = (maxChars: number) =>
  storableString.pipe(
    z
      .string()
      .trim()
      .max(maxChars)
      .refine((text) => !isBlank(text), 'must not be empty'),
  );

/** A whole number in a query string: digits and nothing else. */
export const queryInteger = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
