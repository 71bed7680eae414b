import type { CoreMessage } from 'ai';
import { PROMPTS } from '@/artifacts/registry/server/prompts';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import type { ContentChunk } from '@/lib/server/documents/content-chunks';
import type { ToolContext } from '@/lib/server/tools/context';
import { streamWriterText } from '@/lib/server/tools/stream-writer-text';

type ContentTask = {
  document: { kind: ArtifactKind; language: string | null };
  prompt: string;
  messages: readonly CoreMessage[];
  abortSignal: AbortSignal | undefined;
};

/** Streams a document's content as the model writes it; see streamWriterText. */
export function generateContent(
  context: ToolContext,
  { document, ...task }: ContentTask,
): AsyncIterable<ContentChunk> {
  const { kind, language } = document;
  const { instructions, extractContent } = PROMPTS[kind];
  const system = language ? `${instructions} Its language: ${language}.` : instructions;
  return extractContent(streamWriterText(context, { ...task, system }));
}
