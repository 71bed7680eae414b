/** What clients may send about documents, checked: the runtime half of lib/protocol/api.ts. */
import { z } from 'zod';
import { freeText, MAX_INTEGER, queryNumber, title } from '@/lib/input-fields';
import {
  LIMITS,
  type SaveVersionBody,
  type UpdateDocumentBody,
  type UpdateSuggestionBody,
} from '@/lib/protocol/api';

/** Bytes of a save: a character of the content takes up to six times its bytes in JSON. */
export const MAX_SAVE_BYTES = 6 * LIMITS.documentBytes + 10_000;

const number = z.number().int().min(0).max(MAX_INTEGER);
const key = { saveId: z.string().min(1).max(200), baseVersion: number };

export const saveVersionInput: z.ZodType<SaveVersionBody, z.ZodTypeDef, unknown> = z.union(
  [
    z.object({ ...key, content: freeText }).strict(),
    z.object({ ...key, restore: number }).strict(),
  ],
  { errorMap: () => ({ message: 'must have a saveId, a baseVersion, and a content or restore' }) },
);

export const updateDocumentInput: z.ZodType<UpdateDocumentBody, z.ZodTypeDef, unknown> = z.object({
  title: title(LIMITS.titleChars),
});

export const updateSuggestionInput: z.ZodType<UpdateSuggestionBody> = z.object({
  status: z.enum(['applied', 'dismissed']),
});

export const documentInput = z.object({
  version: queryNumber(1, MAX_INTEGER).optional(),
  writing: z.string().min(1).max(400).optional(),
});
