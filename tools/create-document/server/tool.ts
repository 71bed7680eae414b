import { randomUUID } from 'node:crypto';
import { tool, zodSchema } from 'ai';
import { z } from 'zod';
import { PROMPTS } from '@/artifacts/registry/server/prompts';
import { LIMITS } from '@/lib/protocol/api';
import { ARTIFACT_KINDS } from '@/lib/protocol/artifact-kinds';
import { isBlank } from '@/lib/protocol/is-blank';
import type { ToolContext } from '@/lib/server/tools/context';
import type { ToolDefinition } from '@/lib/server/tools/definition';
import { generateContent } from '@/lib/server/tools/generate-content';
import { writeVersion } from '@/lib/server/tools/write-version';

// Module constant, so that its JSON schema is not generated for every model request.
const PARAMETERS = zodSchema(
  z.object({
    title: z
      .string()
      .trim()
      .max(LIMITS.titleChars)
      .refine((title) => !isBlank(title), 'must not be empty')
      .describe('What it is, in a few words'),
    kind: z
      .enum(ARTIFACT_KINDS)
      .describe(ARTIFACT_KINDS.map((kind) => `${kind}: ${PROMPTS[kind].description}`).join('; ')),
    language: z
      .string()
      .trim()
      .max(40)
      .optional()
      .describe('Of a program: python, javascript, html, svg, mermaid, …'),
  }),
);

/** Creates a document and streams its content, which a second model request generates. */
function createDocument(context: ToolContext) {
  return tool({
    description:
      'Write a document that the user sees beside the conversation. Use it for content that they will want ' +
      'to keep and work on. Its content is written from its title and the conversation.',
    parameters: PARAMETERS,
    execute: ({ title, kind, language }, { abortSignal, toolCallId, messages }) => {
      const document = { id: randomUUID(), title, kind, language: language || null };
      const chunks = generateContent(context, {
        document,
        prompt: `Write this now, in full: “${title}”`,
        messages,
        abortSignal,
      });
      return writeVersion(context, {
        document,
        baseVersion: null,
        chunks,
        toolCallId,
        abortSignal,
        successMessage:
          'The document is written, and the user sees it. Do not repeat it in the chat.',
      });
    },
  });
}

export const definition: ToolDefinition = {
  instructions: [
    'You can write documents beside the conversation. Use createDocument for what the user will want to',
    'keep and work on: texts of some length, whole programs, tables of data. Answer in the chat otherwise.',
    'Never repeat a document in the chat.',
  ].join('\n'),
  worksOnDocuments: true,
  create: createDocument,
};
