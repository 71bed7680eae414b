import type { CoreMessage } from 'ai';
import { PROMPTS } from '@/artifacts/registry/prompts';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { askWriter } from '@/lib/tools/ask-writer';
import type { ToolContext } from '@/lib/tools/context';
import { withoutFence } from '@/lib/tools/without-fence';

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
): AsyncIterable<string> {
  const { kind, language } = document;
  const { instructions, unfenced } = PROMPTS[kind];
  const system = language ? `${instructions} Its language: ${language}.` : instructions;
  const pieces = askWriter(context, { ...task, system });
  return unfenced ? withoutFence(pieces) : pieces;
}
