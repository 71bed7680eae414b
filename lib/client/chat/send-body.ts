/** What a send says to the server: just the new message and where it belongs. */
import type { UIMessage } from 'ai';
import type { SendMessageBody } from '@/lib/protocol/api';

/**
 * @param messages as the page shows them; the last one is the person's message to be answered
 * @param about the shown answer that a new one shall replace, or that shall be gone on with
 */
export function sendBody(
  chatId: string,
  messages: ReadonlyArray<Pick<UIMessage, 'id' | 'content'>>,
  modelRef: string,
  about: Pick<SendMessageBody, 'retryOf' | 'continueOf'> = {},
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
    ...about,
  };
}
