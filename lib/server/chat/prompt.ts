/** Converts stored messages to the prompt of a model request. Pure. */
import { type CoreMessage, convertToCoreMessages } from 'ai';
import type { ChatSettings } from '@/lib/protocol/chat-settings';
import type { MessagePart } from '@/lib/protocol/messages';
import { withCustomInstructions } from '@/lib/server/chat/custom-instructions';
import { describeToday } from '@/lib/server/chat/describe-today';

type PromptMessage = { role: 'user' | 'assistant'; parts: MessagePart[] };

/**
 * Returns the system prompt.
 * @param today.timeZone of the user; if absent or unknown, the server's is used
 * @param capabilities.tools whether tools are offered: only then their instructions are added
 */
export function systemPrompt(
  settings: ChatSettings,
  today: { now: Date; timeZone: string | undefined },
  capabilities: { tools: boolean },
): string {
  const instructions = defaultInstructions(describeToday(today.now, today.timeZone));
  return withCustomInstructions(
    capabilities.tools ? `${instructions}\n\n${TOOL_INSTRUCTIONS}` : instructions,
    settings,
  );
}

const TOOL_INSTRUCTIONS = [
  'You can write documents beside the conversation. Use createDocument for what the person will want to',
  'keep and work on: texts of some length, whole programs, tables of data. Answer in the chat otherwise.',
  'Never repeat a document in the chat. To change one, read it with readDocument first, since the person',
  'may have edited it; then call updateDocument, with edits for small changes, with instructions for',
  'large ones. Where they ask for feedback on a text, call requestSuggestions. A result with an `error`',
  'says what to do better: try once more, or tell the person.',
].join('\n');

function defaultInstructions(today: string): string {
  return [
    'You are a helpful, precise assistant. Answer in the language of the person who asks.',
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
      // Chat templates trim text: a message of only white space would become empty.
      return part.text.trim() !== '';
    case 'tool-invocation':
      return part.toolInvocation.state === 'result';
    default:
      return part.type === 'step-start';
  }
}
