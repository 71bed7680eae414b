/** Converts stored messages to the prompt of a model request. Pure. */
import { type CoreMessage, convertToCoreMessages } from 'ai';
import type { ChatSettings } from '@/lib/protocol/chat-settings';
import type { MessagePart } from '@/lib/protocol/messages';
import type { PersonalSettings } from '@/lib/protocol/user-settings';
import { withCustomInstructions } from '@/lib/server/chat/custom-instructions';
import { describeToday } from '@/lib/server/chat/describe-today';

type PromptMessage = { role: 'user' | 'assistant'; parts: MessagePart[] };

/**
 * Returns the system prompt.
 * @param today.timeZone of the user; if absent or unknown, the server's is used
 * @param toolInstructions about the tools; null if none are offered
 */
export function systemPrompt(
  settings: ChatSettings,
  personal: PersonalSettings,
  today: { now: Date; timeZone: string | undefined },
  toolInstructions: string | null,
): string {
  const instructions = defaultInstructions(describeToday(today.now, today.timeZone));
  return withCustomInstructions(
    toolInstructions ? `${instructions}\n\n${toolInstructions}` : instructions,
    settings,
    personal,
  );
}

function defaultInstructions(today: string): string {
  return [
    'You are a helpful, precise assistant. Answer in the language of the user.',
    'Write GitHub-flavoured Markdown. Put code into fenced blocks that name their language, and',
    'mathematics into $$…$$ (or \\( … \\) within a line).',
    `Today is ${today}.`,
  ].join('\n');
}

/**
 * Converts the conversation to model messages: text, and tool calls with a result. Omits reasoning,
 * which models do not expect in earlier turns, and answers without content.
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
      // Chat templates trim text: a message of only whitespace would become empty.
      return part.text.trim() !== '';
    case 'tool-invocation':
      return part.toolInvocation.state === 'result';
    default:
      return part.type === 'step-start';
  }
}
