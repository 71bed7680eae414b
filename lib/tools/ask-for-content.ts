import type { CoreMessage } from 'ai';
import { INSTRUCTIONS } from '@/artifacts/prompts';
import type { ArtifactKind } from '@/lib/protocol/events';
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
  const system = language ? `${INSTRUCTIONS[kind]} Its language: ${language}.` : INSTRUCTIONS[kind];
  const pieces = askWriter(context, { ...task, system });
  // A text may well begin with a fence of its own.
  return kind === 'text' ? pieces : withoutFence(pieces);
}
