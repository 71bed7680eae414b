import { randomUUID } from 'node:crypto';
import { type DataStreamWriter, streamText, tool, zodSchema } from 'ai';
import { z } from 'zod';
import { INSTRUCTIONS } from '@/artifacts/prompts';
import { addDocument } from '@/lib/artifacts/documents';
import { addVersion } from '@/lib/artifacts/versions';
import { logger } from '@/lib/logger';
import { ARTIFACT_KINDS, DELTAS, type StreamEvent } from '@/lib/protocol/events';
import type { ToolContext } from '@/lib/tools';

// Made once: the JSON schema of it would otherwise be made anew for every request to a model.
const PARAMETERS = zodSchema(
  z.object({
    title: z.string().min(1).max(200).describe('What the document is, in a few words'),
    kind: z.enum(ARTIFACT_KINDS),
  }),
);

/** Writes a document beside the conversation, live: a second request to the model makes its content. */
export function createDocument({ run, dataStream, model }: ToolContext) {
  return tool({
    description:
      'Write a document that the person sees beside the conversation: a text, a program or a table. Use it ' +
      'for what they will want to keep and work on. Its content is written from its title, so the ' +
      'title must say what is wanted.',
    parameters: PARAMETERS,
    execute: async ({ title, kind }, { abortSignal, toolCallId }) => {
      const { chatId, messageId } = run.row;
      const id = randomUUID();
      await addDocument({ id, chatId, kind, title, language: null });
      send(dataStream, { type: 'kind', content: kind });
      send(dataStream, { type: 'id', content: id });
      send(dataStream, { type: 'title', content: title });
      send(dataStream, { type: 'clear', content: '' });
      let content = '';
      try {
        const { fullStream } = streamText({
          model: model.model,
          system: INSTRUCTIONS[kind],
          prompt: title,
          maxRetries: 0,
          abortSignal,
        });
        for await (const part of fullStream) {
          if (part.type === 'error') throw part.error;
          if (part.type !== 'text-delta') continue;
          content += part.textDelta;
          send(dataStream, { type: DELTAS[kind], content: part.textDelta });
        }
      } finally {
        // However the writing ended, what was shown is kept: where the run itself has ended, or the
        // database cannot be reached, by the end of the run, which has it all in its log.
        if (!abortSignal?.aborted) {
          await addVersion({
            documentId: id,
            content,
            author: 'model',
            messageId,
            writingId: `${run.row.id}:${toolCallId}`,
          }).catch((error) =>
            logger.warn(
              { err: error, runId: run.row.id },
              'A document waits for its run to be saved',
            ),
          );
        }
        send(dataStream, { type: 'finish', content: '' });
      }
      return { id, title, kind, content: 'The document is written, and the person sees it.' };
    },
  });
}

function send(dataStream: DataStreamWriter, event: StreamEvent): void {
  dataStream.writeData(event);
}
