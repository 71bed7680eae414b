import type { ChatSettings } from '@/lib/protocol/chat-settings';
import type { PersonalSettings } from '@/lib/protocol/user-settings';

/**
 * Appends the user's name, language and instructions to a system prompt: those for all chats, then
 * those for this chat.
 */
export function withCustomInstructions(
  instructions: string,
  { systemPrompt }: ChatSettings,
  personal: PersonalSettings,
): string {
  const forAllChats = [
    personal.name && `The user's name is ${personal.name}.`,
    personal.language &&
      `Answer in this language, unless the user asks for another one: ${personal.language}.`,
    personal.instructions &&
      `The user has set these instructions for all chats. Follow them:\n\n${personal.instructions}`,
  ];
  const precedence = personal.instructions
    ? ', rather than those for all chats where the two contradict each other'
    : '';
  const forThisChat =
    systemPrompt &&
    `The user has set these instructions for this chat. Follow them${precedence}:\n\n${systemPrompt}`;
  return [instructions, ...forAllChats, forThisChat].filter(Boolean).join('\n\n');
}
