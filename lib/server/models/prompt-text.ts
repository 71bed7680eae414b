/** Prompt messages in forms that every endpoint accepts. Pure. */
import type { LanguageModelV1CallOptions } from 'ai';

export type Prompt = LanguageModelV1CallOptions['prompt'];
export type PromptMessage = Prompt[number];
type MessageOf<Role extends PromptMessage['role']> = Extract<PromptMessage, { role: Role }>;

export function userMessage(text: string): MessageOf<'user'> {
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** Tool results as text, for endpoints that accept no tool messages. */
export function toolResultsAsText({ content }: MessageOf<'tool'>): string {
  return content
    .map(({ toolName, result }) => `Result of ${toolName}: ${JSON.stringify(result)}`)
    .join('\n');
}

/** Returns the message without its tool calls; null if nothing else is left. */
export function withoutToolCalls(message: MessageOf<'assistant'>): MessageOf<'assistant'> | null {
  const content = message.content.filter((part) => part.type !== 'tool-call');
  return hasTextOrCalls(content) ? { ...message, content } : null;
}

/** Whether an assistant message has a tool call or text that is not blank. */
export function hasTextOrCalls(content: MessageOf<'assistant'>['content']): boolean {
  return content.some(
    (part) => part.type === 'tool-call' || (part.type === 'text' && part.text.trim() !== ''),
  );
}
