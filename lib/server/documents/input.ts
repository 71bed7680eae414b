/**
 * Schemas of what clients may send about documents: the runtime counterpart of lib/protocol/api.ts.
 */
import { z } from 'zod';
import {
  LIMITS,
  type SaveVersionBody,
  type UpdateDocumentBody,
  type UpdateSuggestionBody,
} from '@/lib/protocol/api';
import {
  MAX_PG_INTEGER,
  queryInteger,
  storableString,
  titleField,
} from '@/lib/server/http/input-fields';

/** Maximum bytes of a save request: JSON escapes take up to six bytes per byte of content. */
export const MAX_SAVE_BYTES = 6 * LIMITS.documentBytes + 10_000;

const versionNumber = z.number().int().min(0).max(MAX_PG_INTEGER);
const saveFields = { saveId: z.string().min(1).max(200), baseVersion: versionNumber };

export const saveVersionSchema: z.ZodType<SaveVersionBody, z.ZodTypeDef, unknown> = z.union(
  [
    z.object({ ...saveFields, content: storableString }).strict(),
    z.object({ ...saveFields, restore: versionNumber }).strict(),
  ],
  { errorMap: () => ({ message: 'must have a saveId, a baseVersion, and a content or restore' }) },
);

export const updateDocumentSchema: z.ZodType<UpdateDocumentBody, z.ZodTypeDef, unknown> = z.object({
  title: titleField(LIMITS.titleChars),
});

export const updateSuggestionSchema: z.ZodType<UpdateSuggestionBody> = z.object({
  status: z.enum(['applied', 'dismissed']),
});

export const documentQuerySchema = z.object({
  version: queryInteger(1, MAX_PG_INTEGER).optional(),
  writing: z.string().min(1).max(400).optional(),
});
