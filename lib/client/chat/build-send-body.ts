/** What a send says to the server: just the new message and where it belongs. */
import type { UIMessage } from 'ai';
import type { SendMessageBody } from '@/lib/protocol/api';

/** The shown answer that a new version is asked of, or that shall be continued. */
export type SendTarget = Pick<SendMessageBody, 'retryOf' | 'answerId' | 'continueOf'>;

/**
 * @param messages as the page shows them; the last one is the person's message to be answered
 */
export function buildSendBody(
  chatId: string,
  messages: ReadonlyArray<Pick<UIMessage, 'id' | 'content'>>,
  modelRef: string,
  target: SendTarget = {},
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
    ...target,
  };
}
