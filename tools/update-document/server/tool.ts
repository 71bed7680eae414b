import { tool, zodSchema } from 'ai';
import { z } from 'zod';
import { type DocumentDetail, LIMITS } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { ToolContext } from '@/lib/server/tools/context';
import type { ToolDefinition } from '@/lib/server/tools/definition';
import { findDocument } from '@/lib/server/tools/find-document';
import { generateContent } from '@/lib/server/tools/generate-content';
import { type WriteVersionOptions, writeVersion } from '@/lib/server/tools/write-version';
import { applyEdits } from '@/tools/update-document/server/apply-edits';

/** Characters per chunk of content that is already complete. */
const CHUNK_CHARS = 16_384;

const PARAMETERS = zodSchema(
  z.object({
    id: z.string().describe('The id that createDocument gave'),
    edits: z
      .array(z.object({ find: z.string(), replace: z.string() }))
      .max(200)
      .optional()
      .describe(
        'For small changes: exact replacements, all or none. Each `find` must be in the document ' +
          'exactly once, as it is there before any of the edits.',
      ),
    instructions: z
      .string()
      .max(10_000)
      .optional()
      .describe('For large changes, instead of edits: how to rewrite the whole document'),
  }),
);

/** Changes a document by exact edits or by rewriting it. Either way it gets a new version. */
function updateDocument(context: ToolContext) {
  return tool({
    description:
      'Change a document of the conversation: with `edits` for small changes (read it first), with ' +
      '`instructions` for large ones. Give one of the two.',
    parameters: PARAMETERS,
    execute: async ({ id, edits, instructions }, { abortSignal, toolCallId, messages }) => {
      const hasEdits = edits !== undefined && edits.length > 0;
      if (hasEdits === Boolean(instructions?.trim())) {
        return { error: 'Give either edits or instructions.' };
      }
      const document = await findDocument(context, id);
      const write = (chunks: WriteVersionOptions['chunks'], successMessage: string) =>
        writeVersion(context, {
          document,
          baseVersion: document.version,
          chunks,
          toolCallId,
          abortSignal,
          successMessage,
        });
      if (!hasEdits) {
        const chunks = generateContent(context, {
          document,
          prompt: rewritePrompt(document, instructions ?? ''),
          messages,
          abortSignal,
        });
        return await write(chunks, 'The document is rewritten.');
      }
      const edited = await applyEdits(document.content, edits);
      if ('error' in edited) return edited;
      if (edited.content === '') return { error: 'The edits would leave the document empty.' };
      if (Buffer.byteLength(edited.content) > LIMITS.documentBytes) {
        throw new AppError('document_too_long');
      }
      return await write(chunkText(edited.content), 'The document is changed as requested.');
    },
  });
}

function rewritePrompt({ title, content }: DocumentDetail, instructions: string): string {
  return [
    'This is the document as it is now:',
    `<document>\n${content}\n</document>`,
    `Rewrite the whole document with this change: ${instructions}`,
    `Its title: “${title}”`,
  ].join('\n\n');
}

async function* chunkText(content: string): AsyncGenerator<string> {
  for (let offset = 0; offset < content.length; offset += CHUNK_CHARS) {
    yield content.slice(offset, offset + CHUNK_CHARS);
  }
}

export const definition: ToolDefinition = {
  instructions:
    'To change a document, call updateDocument, with edits for small changes, with instructions for large ones.',
  worksOnDocuments: true,
  create: updateDocument,
};
