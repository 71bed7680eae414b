/** Copies a chat into a new one. Lazy-loaded: the initial bundle does not contain it. */
import { newUuid } from '@/lib/client/browser/new-uuid';
import { toast } from '@/lib/client/browser/toast';
import { refreshHistory } from '@/lib/client/history/use-history';
import { api } from '@/lib/client/http/api';
import { toErrorMessage } from '@/lib/client/http/request-error';
import type { Navigate } from '@/lib/client/navigation/use-navigate';
import type { ChatSummary, ForkChatBody } from '@/lib/protocol/api';

/** Copies the chat up to a message into a new chat and opens it. A toast displays errors. */
export async function forkChat(
  chatId: string,
  messageId: string,
  navigate: Navigate,
): Promise<void> {
  const json: ForkChatBody = { id: newUuid(), messageId };
  try {
    await api<ChatSummary>(`/api/chat/${chatId}/fork`, { method: 'POST', json });
    refreshHistory();
    navigate(`/chat/${json.id}`);
  } catch (error) {
    toast.error('Couldn’t create the new chat.', { description: toErrorMessage(error) });
  }
}
