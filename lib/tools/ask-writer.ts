/** The second request to the model: what a document holds is written apart from the conversation. */
import { type CoreMessage, type LanguageModelUsage, streamText } from 'ai';
import type { UsageAnnotation } from '@/lib/protocol/messages';
import type { ToolContext } from '@/lib/tools/context';

/** Characters of the conversation that the writer is given, at most: its end. */
const MAX_CONVERSATION_CHARS = 16_000;
/** Characters of one tool's result among them. */
const MAX_RESULT_CHARS = 4_000;

type Task = {
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
export async function* askWriter(context: ToolContext, task: Task): AsyncGenerator<string> {
  const { system, prompt, messages, abortSignal } = task;
  const left = new AbortController();
  const { fullStream } = streamText({
    model: context.model.model,
    system,
    prompt: `This was said so far:\n\n${conversationIn(messages)}\n\n---\n\n${prompt}`,
    maxRetries: 0,
    abortSignal: abortSignal ? AbortSignal.any([abortSignal, left.signal]) : left.signal,
  });
  try {
    for await (const part of fullStream) {
      if (part.type === 'error') throw part.error;
      if (part.type === 'text-delta') yield part.textDelta;
      if (part.type === 'finish') tellUsage(context, part.usage);
    }
  } finally {
    // Whoever has enough ends the request with it.
    left.abort();
  }
}

/** The tokens of this request are the answer's, too. The SDK has NaN where the endpoint does not count. */
function tellUsage({ dataStream }: ToolContext, usage: LanguageModelUsage): void {
  const { promptTokens, completionTokens } = usage;
  if (!Number.isFinite(promptTokens) && !Number.isFinite(completionTokens)) return;
  const told: UsageAnnotation = { type: 'usage', promptTokens, completionTokens };
  dataStream.writeMessageAnnotation(told);
}

function conversationIn(messages: readonly CoreMessage[]): string {
  const text = messages.map(inWords).filter(Boolean).join('\n\n');
  return text.length > MAX_CONVERSATION_CHARS ? `…${text.slice(-MAX_CONVERSATION_CHARS)}` : text;
}

function inWords({ role, content }: CoreMessage): string {
  if (role === 'system') return '';
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  const said: string[] = [];
  for (const part of parts) {
    if (part.type === 'text' && part.text.trim() !== '') said.push(part.text);
    if (part.type === 'tool-result') {
      const result = JSON.stringify(part.result) ?? '';
      said.push(`Result of ${part.toolName}: ${result.slice(0, MAX_RESULT_CHARS)}`);
    }
  }
  if (said.length === 0) return '';
  const speaker = { user: 'Person: ', assistant: 'Assistant: ', tool: '' }[role];
  return `${speaker}${said.join('\n')}`;
}
