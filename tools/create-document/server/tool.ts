import { randomUUID } from 'node:crypto';
import { tool, zodSchema } from 'ai';
import { z } from 'zod';
import { PROMPTS } from '@/artifacts/registry/server/prompts';
import { LIMITS } from '@/lib/protocol/api';
import { ARTIFACT_KINDS } from '@/lib/protocol/artifact-kinds';
import { isBlank } from '@/lib/protocol/is-blank';
import type { ToolContext } from '@/lib/server/tools/context';
import { generateContent } from '@/lib/server/tools/generate-content';
import { writeVersion } from '@/lib/server/tools/write-version';

// Made once: the JSON schema of it would otherwise be made anew for every request to a model.
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

/** Writes a document beside the conversation, live: a second request to the model makes its content. */
export function createDocument(context: ToolContext) {
  return tool({
    description:
      'Write a document that the person sees beside the conversation. Use it for what they will want ' +
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
          'The document is written, and the person sees it. Do not repeat it in the chat.',
      });
    },
  });
}
