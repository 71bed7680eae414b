import type { ChatSettings } from '@/lib/protocol/chat-settings';

/** Appends the user's instructions for the chat, if any, to a system prompt. */
export function withCustomInstructions(
  instructions: string,
  { systemPrompt }: ChatSettings,
): string {
  if (!systemPrompt) return instructions;
  return `${instructions}\n\nThe user has set these instructions for this chat. Follow them:\n\n${systemPrompt}`;
}
