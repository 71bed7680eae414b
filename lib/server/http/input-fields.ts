/** Schemas of fields shared by several routes. */
import { z } from 'zod';
import type { ErrorCode } from '@/lib/protocol/errors';
import { isBlank } from '@/lib/protocol/is-blank';
import { storableText } from '@/lib/server/db/storable';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether Postgres accepts the text as a `uuid`. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Makes an issue carry an error code instead of a description of the field. */
export const withErrorCode = (code: ErrorCode) => ({ params: { code } });

/** Maximum of Postgres's `integer`. */
export const MAX_PG_INTEGER = 2_147_483_647;

/**
 * Free text, sanitized for Postgres before further checks. Keys and names that Postgres cannot
 * store are rejected instead (lib/server/http/route): sanitizing could make two of them equal.
 */
export const storableString = z.string().transform(storableText);

/** A title entered by the user. */
export const titleField = (maxChars: number) =>
  storableString.pipe(
    z
      .string()
      .trim()
      .max(maxChars)
      .refine((text) => !isBlank(text), 'must not be empty'),
  );

/** An integer in a query string: digits only. */
export const queryInteger = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
