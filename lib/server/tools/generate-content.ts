import type { CoreMessage } from 'ai';
import { PROMPTS } from '@/artifacts/registry/server/prompts';
import { extractTable } from '@/artifacts/sheet/server/extract-table';
import { extractMarkdown } from '@/artifacts/text/server/extract-markdown';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import type { ContentChunk } from '@/lib/server/documents/content-chunks';
import { extractFencedBlock } from '@/lib/server/documents/extract-fenced-block';
import type { ToolContext } from '@/lib/server/tools/context';
import { streamWriterText } from '@/lib/server/tools/stream-writer-text';

const EXTRACTORS = { document: extractMarkdown, program: extractFencedBlock, table: extractTable };

type ContentTask = {
  document: { kind: ArtifactKind; language: string | null };
  prompt: string;
  messages: readonly CoreMessage[];
  abortSignal: AbortSignal | undefined;
};

/** What the model writes as the content of a document, as it comes; see askWriter. */
export function generateContent(
  context: ToolContext,
  { document, ...task }: ContentTask,
): AsyncIterable<ContentChunk> {
  const { kind, language } = document;
  const { instructions, outputFormat } = PROMPTS[kind];
  const system = language ? `${instructions} Its language: ${language}.` : instructions;
  return EXTRACTORS[outputFormat](streamWriterText(context, { ...task, system }));
}
