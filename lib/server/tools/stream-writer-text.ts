/** The second request to the model: what a document holds is written apart from the conversation. */
import { type CoreMessage, type LanguageModelUsage, streamText } from 'ai';
import type { UsageAnnotation } from '@/lib/protocol/messages';
import type { ToolContext } from '@/lib/server/tools/context';

/** Characters of the conversation that the writer is given, at most: its end. */
const MAX_CONVERSATION_CHARS = 16_000;
/** Characters of one tool's result among them. */
const MAX_RESULT_CHARS = 4_000;

type WriterTask = {
  system: string;
  /** What the conversation asks for in the end. */
  prompt: string;
  /** The conversation that asks for it. */
  messages: readonly CoreMessage[];
  abortSignal: AbortSignal | undefined;
};

/**
 * What the model writes for the task, as it comes; its tokens are counted with the answer's. The
 * conversation goes as one message of the person's: some models take messages only by turns.
 * @throws AppError, within the SDK's wrappers, what the endpoint did
 */
export async function* streamWriterText(
  context: ToolContext,
  task: WriterTask,
): AsyncGenerator<string> {
  const { system, prompt, messages, abortSignal } = task;
  const consumerGone = new AbortController();
  const { fullStream } = streamText({
    model: context.model.model,
    system,
    prompt: `This was said so far:\n\n${renderConversation(messages)}\n\n---\n\n${prompt}`,
    maxRetries: 0,
    abortSignal: abortSignal
      ? AbortSignal.any([abortSignal, consumerGone.signal])
      : consumerGone.signal,
  });
  try {
    for await (const part of fullStream) {
      if (part.type === 'error') throw part.error;
      if (part.type === 'text-delta') yield part.textDelta;
      if (part.type === 'finish') reportUsage(context, part.usage);
    }
  } finally {
    // Whoever has enough ends the request with it.
    consumerGone.abort();
  }
}

/** The tokens of this request are the answer's, too. The SDK has NaN where the endpoint does not count. */
function reportUsage({ dataStream }: ToolContext, usage: LanguageModelUsage): void {
  const { promptTokens, completionTokens } = usage;
  if (!Number.isFinite(promptTokens) && !Number.isFinite(completionTokens)) return;
  const annotation: UsageAnnotation = { type: 'usage', promptTokens, completionTokens };
  dataStream.writeMessageAnnotation(annotation);
}

function renderConversation(messages: readonly CoreMessage[]): string {
  const text = messages.map(renderMessage).filter(Boolean).join('\n\n');
  return text.length > MAX_CONVERSATION_CHARS ? `…${text.slice(-MAX_CONVERSATION_CHARS)}` : text;
}

function renderMessage({ role, content }: CoreMessage): string {
  if (role === 'system') return '';
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  const lines: string[] = [];
  for (const part of parts) {
    if (part.type === 'text' && part.text.trim() !== '') lines.push(part.text);
    if (part.type === 'tool-result') {
      const result = JSON.stringify(part.result) ?? '';
      lines.push(`Result of ${part.toolName}: ${result.slice(0, MAX_RESULT_CHARS)}`);
    }
  }
  if (lines.length === 0) return '';
  const speaker = { user: 'Person: ', assistant: 'Assistant: ', tool: '' }[role];
  return `${speaker}${lines.join('\n')}`;
}
