/** From stored messages to what the model is given. Pure. */
import { type CoreMessage, convertToCoreMessages } from 'ai';
import type { MessagePart } from '@/lib/protocol/messages';

type PromptMessage = { role: 'user' | 'assistant'; parts: MessagePart[] };

/** @param custom the chat's own instructions, in place of ours */
export function systemPrompt(custom: string | null, now: Date): string {
  if (custom) return custom;
  return [
    'You are a helpful, precise assistant. Answer in the language of the person who asks.',
    'Write GitHub-flavoured Markdown. Put code into fenced blocks that name their language, and',
    'mathematics into $$…$$ (or \\( … \\) within a line).',
    `Today is ${now.toISOString().slice(0, 10)}.`,
  ].join('\n');
}

/**
 * The conversation for the model: text, and tool calls that have their result. Reasoning is left
 * out (models are told to expect that), and so are answers that never came to anything.
 */
export function toCoreMessages(messages: readonly PromptMessage[]): CoreMessage[] {
  const usable = messages
    .map(({ role, parts }) => ({ role, content: '', parts: parts.filter(isForModel) }))
    .filter(({ parts }) => parts.some((part) => part.type !== 'step-start'));
  return convertToCoreMessages(usable as Parameters<typeof convertToCoreMessages>[0]);
}

function isForModel(part: MessagePart): boolean {
  switch (part.type) {
    case 'text':
      return part.text !== '';
    case 'tool-invocation':
      return part.toolInvocation.state === 'result';
    default:
      return part.type === 'step-start';
  }
}
