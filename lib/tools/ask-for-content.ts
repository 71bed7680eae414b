import type { CoreMessage } from 'ai';
import { PROMPTS } from '@/artifacts/registry/prompts';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { askWriter } from '@/lib/tools/ask-writer';
import type { ToolContext } from '@/lib/tools/context';
import { documentOnly } from '@/lib/tools/document-only';
import type { Piece } from '@/lib/tools/pieces';
import { programOnly } from '@/lib/tools/program-only';
import { tableOnly } from '@/lib/tools/table-only';

const READERS = { document: documentOnly, program: programOnly, table: tableOnly };

type Task = {
  document: { kind: ArtifactKind; language: string | null };
  prompt: string;
  messages: readonly CoreMessage[];
  abortSignal: AbortSignal | undefined;
};

/** What the model writes as the content of a document, as it comes; see askWriter. */
export function askForContent(
  context: ToolContext,
  { document, ...task }: Task,
): AsyncIterable<Piece> {
  const { kind, language } = document;
  const { instructions, writtenAs } = PROMPTS[kind];
  const system = language ? `${instructions} Its language: ${language}.` : instructions;
  return READERS[writtenAs](askWriter(context, { ...task, system }));
}
