/** What clients may send about documents, checked: the runtime half of lib/protocol/api.ts. */
import { z } from 'zod';
import {
  LIMITS,
  type SaveVersionBody,
  type UpdateDocumentBody,
  type UpdateSuggestionBody,
} from '@/lib/protocol/api';

/** Bytes of a save: a character of the content takes up to six times its bytes in JSON. */
export const MAX_SAVE_BYTES = 6 * LIMITS.documentBytes + 10_000;

/** Numbers as Postgres's integer has them. */
const number = z.number().int().min(0).max(2_147_483_647);
const key = { saveId: z.string().min(1).max(200), baseVersion: number };

export const saveVersionInput: z.ZodType<SaveVersionBody> = z.union(
  [
    z.object({ ...key, content: z.string() }).strict(),
    z.object({ ...key, restore: number }).strict(),
  ],
  { errorMap: () => ({ message: 'must have a saveId, a baseVersion, and a content or restore' }) },
);

export const updateDocumentInput: z.ZodType<UpdateDocumentBody> = z.object({
  title: z.string().trim().min(1, 'must not be empty').max(LIMITS.titleChars),
});

export const updateSuggestionInput: z.ZodType<UpdateSuggestionBody> = z.object({
  status: z.enum(['applied', 'dismissed']),
});

export const documentInput = z.object({
  version: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  writing: z
    .string()
    .min(1)
    .max(400)
    .refine((key) => !key.includes('\0'))
    .optional(),
});
