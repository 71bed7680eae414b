import type { CoreMessage } from 'ai';
import { PROMPTS } from '@/artifacts/registry/prompts';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { streamWriterText } from '@/lib/tools/ask-writer';
import type { ToolContext } from '@/lib/tools/context';
import { extractMarkdown } from '@/lib/tools/document-only';
import type { ContentChunk } from '@/lib/tools/pieces';
import { extractFencedBlock } from '@/lib/tools/program-only';
import { extractTable } from '@/lib/tools/table-only';

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
