/** The body of a send request: only the new message and its position in the chat. */
import type { UIMessage } from 'ai';
import type { SendMessageBody } from '@/lib/protocol/api';

/** The displayed message to edit, to regenerate or to continue. */
export type SendTarget = Pick<
  SendMessageBody,
  'retryOf' | 'answerId' | 'continueOf' | 'editOf' | 'branchEnd'
>;

/**
 * @param messages the displayed messages; the last one is the user message to answer
 */
export function buildSendBody(
  chatId: string,
  messages: ReadonlyArray<Pick<UIMessage, 'id' | 'content'>>,
  modelRef: string,
  options: SendTarget & Pick<SendMessageBody, 'settings'> = {},
): SendMessageBody {
  const last = messages.at(-1);
  return {
    id: chatId,
    message: {
      id: last?.id ?? '',
      role: 'user',
      parts: [{ type: 'text', text: last?.content ?? '' }],
    },
    parentId: messages.at(-2)?.id ?? null,
    selectedChatModel: modelRef,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...options,
  };
}
