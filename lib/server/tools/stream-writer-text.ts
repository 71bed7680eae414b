/** The second model request: a document's content is generated apart from the conversation. */
import { type CoreMessage, type LanguageModelUsage, streamText } from 'ai';
import type { UsageAnnotation } from '@/lib/protocol/messages';
import { withCustomInstructions } from '@/lib/server/chat/custom-instructions';
import type { ToolContext } from '@/lib/server/tools/context';

/** Maximum characters of the conversation that are sent: its end. */
const MAX_CONVERSATION_CHARS = 16_000;
/** Maximum characters of each tool result in it. */
const MAX_RESULT_CHARS = 4_000;

type WriterTask = {
  system: string;
  /** The actual task, after the conversation. */
  prompt: string;
  /** The conversation so far. */
  messages: readonly CoreMessage[];
  abortSignal: AbortSignal | undefined;
};

/**
 * Streams the model's text for the task; its tokens are added to the answer's usage. The
 * conversation is sent as one user message, because some models require alternating roles.
 * @throws AppError of the endpoint, within the SDK's wrappers
 */
export async function* streamWriterText(
  context: ToolContext,
  task: WriterTask,
): AsyncGenerator<string> {
  const { prompt, messages, abortSignal } = task;
  const consumerGone = new AbortController();
  const { fullStream } = streamText({
    model: context.model.model,
    system: withCustomInstructions(task.system, context.settings, context.personal),
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
    // A consumer that stops early aborts the request.
    consumerGone.abort();
  }
}

/**
 * Adds this request's tokens to the answer's usage. The SDK reports NaN if the endpoint reports no
 * usage.
 */
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
  const speaker = { user: 'User: ', assistant: 'Assistant: ', tool: '' }[role];
  return `${speaker}${lines.join('\n')}`;
}
