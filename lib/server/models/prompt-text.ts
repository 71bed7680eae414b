/** Parts of a prompt in the forms that every endpoint takes. Pure. */
import type { LanguageModelV1CallOptions } from 'ai';

export type Prompt = LanguageModelV1CallOptions['prompt'];
export type PromptMessage = Prompt[number];
type MessageOf<Role extends PromptMessage['role']> = Extract<PromptMessage, { role: Role }>;

export function userMessage(text: string): MessageOf<'user'> {
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** The results of tool calls in words, for endpoints that take no tool messages. */
export function toolResultsAsText({ content }: MessageOf<'tool'>): string {
  return content
    .map(({ toolName, result }) => `Result of ${toolName}: ${JSON.stringify(result)}`)
    .join('\n');
}

/** The message without its tool calls; null where nothing else was said. */
export function withoutToolCalls(message: MessageOf<'assistant'>): MessageOf<'assistant'> | null {
  const content = message.content.filter((part) => part.type !== 'tool-call');
  return hasTextOrCalls(content) ? { ...message, content } : null;
}

/** Whether an assistant's message has a call, or text that is more than white space. */
export function hasTextOrCalls(content: MessageOf<'assistant'>['content']): boolean {
  return content.some(
    (part) => part.type === 'tool-call' || (part.type === 'text' && part.text.trim() !== ''),
  );
}
