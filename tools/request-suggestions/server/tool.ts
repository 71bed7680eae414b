import { randomUUID } from 'node:crypto';
import { tool, zodSchema } from 'ai';
import { z } from 'zod';
import { PROMPTS } from '@/artifacts/registry/server/prompts';
import type { DocumentDetail } from '@/lib/protocol/api';
import type { DocumentToolResult } from '@/lib/protocol/messages';
import { publishDocumentUpdated } from '@/lib/server/documents/publish-document-updated';
import { addSuggestion } from '@/lib/server/documents/suggestions';
import { toAppError } from '@/lib/server/models';
import {
  requireRunOwnership,
  sendEvent,
  type ToolContext,
  type ToolError,
} from '@/lib/server/tools/context';
import type { ToolDefinition } from '@/lib/server/tools/definition';
import { findDocument } from '@/lib/server/tools/find-document';
import { streamWriterText } from '@/lib/server/tools/stream-writer-text';
import { parseSuggestions } from '@/tools/request-suggestions/server/parse-suggestions';

/** More at a time are too many to decide on. */
const MAX_SUGGESTIONS = 20;

const PARAMETERS = zodSchema(
  z.object({ id: z.string().describe('The id that createDocument gave') }),
);

/**
 * System prompt of the request that proposes changes. The built-in demo model recognizes its
 * beginning.
 */
const INSTRUCTIONS = [
  'You propose changes to a document, each of which the user will apply or dismiss. Write one JSON',
  'object per line and nothing else:',
  '{"original": "…", "suggested": "…", "description": "…"}',
  '`original` is copied from the document exactly, a sentence or less, and occurs in it only once;',
  '`suggested` is its replacement; `description` gives the reason, in a few words and in the',
  'language of the document. Propose at most ten, the most useful ones; they must not overlap.',
].join('\n');

/** Proposes changes to a text document, which are displayed in place as they arrive. */
function requestSuggestions(context: ToolContext) {
  return tool({
    description:
      'Propose changes to a text document, for the user to apply or dismiss one by one. Use it when ' +
      'they ask for feedback or suggestions.',
    parameters: PARAMETERS,
    execute: async ({ id }, { abortSignal, messages }): Promise<DocumentToolResult | ToolError> => {
      const document = await findDocument(context, id);
      if (!PROMPTS[document.kind].supportsSuggestions) {
        return { error: 'Suggestions are for texts. Use updateDocument for this one.' };
      }
      const lines = streamWriterText(context, {
        system: INSTRUCTIONS,
        prompt: `The document:\n\n<document>\n${document.content}\n</document>\n\nPropose changes to “${document.title}” now.`,
        messages,
        abortSignal,
      });
      let count = 0;
      try {
        for await (const proposal of parseSuggestions(lines, document.content)) {
          abortSignal?.throwIfAborted();
          await publishSuggestion(context, document, proposal);
          if (++count === MAX_SUGGESTIONS) break;
        }
      } catch (error) {
        // The suggestions so far have been delivered.
        if (abortSignal?.aborted || count === 0) throw toAppError(error);
      } finally {
        if (count > 0) await publishDocumentUpdated(document.id).catch(() => {});
      }
      const { title, kind, version } = document;
      const content = describeCount(count);
      return { id: document.id, title, kind, version, content, suggestions: count };
    },
  });
}

type Proposal = { original: string; suggested: string; description: string };

async function publishSuggestion(
  context: ToolContext,
  { id: documentId, version }: DocumentDetail,
  { original, suggested, description }: Proposal,
): Promise<void> {
  const suggestion = {
    id: randomUUID(),
    documentId,
    originalText: original,
    suggestedText: suggested,
    description,
  };
  const { messageId } = context.run.row;
  await requireRunOwnership(context);
  await addSuggestion({ ...suggestion, version, messageId });
  sendEvent(context, { type: 'suggestion', content: suggestion });
}

function describeCount(count: number): string {
  if (count === 0) return 'No change was proposed.';
  return `${count === 1 ? 'One change is' : `${count} changes are`} proposed, and the user sees ${count === 1 ? 'it' : 'them'} in the document.`;
}

export const definition: ToolDefinition = {
  instructions: 'When the user asks for feedback on a text, call requestSuggestions.',
  worksOnDocuments: true,
  create: requestSuggestions,
};
