import { tool, zodSchema } from 'ai';
import { z } from 'zod';
import type { DocumentDetail } from '@/lib/protocol/api';
import type { DocumentToolResult } from '@/lib/protocol/messages';
import type { ToolContext, ToolError } from '@/lib/server/tools/context';
import type { ToolDefinition } from '@/lib/server/tools/definition';
import { findDocument } from '@/lib/server/tools/find-document';
import { formatCount } from '@/lib/shared/format-count';

/** Maximum characters of a document that one call returns. */
const MAX_CHARS = 60_000;

const PARAMETERS = zodSchema(
  z.object({
    id: z.string().describe('The id that createDocument gave'),
    offset: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('Number of characters to skip, to continue reading a long document'),
  }),
);

/**
 * Returns the current version of a document to the model only. The text is not part of the stored
 * result: it would be persisted with the message, and the page would copy it for every following
 * token.
 */
function readDocument(context: ToolContext) {
  const modelTexts = new WeakMap<object, string>();
  return tool({
    description:
      'Read a document of the conversation as it is now; the user may have changed it. Do this before ' +
      'you edit a document or describe its content.',
    parameters: PARAMETERS,
    execute: async ({ id, offset }): Promise<DocumentToolResult | ToolError> => {
      const document = await findDocument(context, id);
      const { title, kind, version, content } = document;
      if (offset > 0 && offset >= content.length) {
        return { error: `The document has only ${formatCount(content.length, 'character')}.` };
      }
      const result = {
        id: document.id,
        title,
        kind,
        version,
        content: `Read, ${formatCount(content.length, 'character')}. Its content is no longer in this conversation: read it again.`,
      };
      modelTexts.set(result, renderForModel(document, offset));
      return result;
    },
    experimental_toToolResultContent: (result) => [
      { type: 'text', text: modelTexts.get(result) ?? JSON.stringify(result) },
    ],
  });
}

function renderForModel(document: DocumentDetail, offset: number): string {
  const { title, version, author, content } = document;
  const end = Math.min(content.length, offset + MAX_CHARS);
  const part =
    offset > 0 || end < content.length
      ? ` Characters ${offset} to ${end} of ${content.length} follow.${end < content.length ? ` Continue with offset ${end}.` : ''}`
      : '';
  const by = author === 'user' ? 'the user' : 'you';
  return `“${title}”, version ${version}, written by ${by}.${part}\n\n${content.slice(offset, end)}`;
}

export const definition: ToolDefinition = {
  instructions:
    'Before you change a document or describe its content, read it with readDocument: the user may have edited it.',
  worksOnDocuments: true,
  create: readDocument,
};
