/** Renames, deletes and restores chats. Lazy-loaded: the initial bundle does not contain it. */
import { toast } from '@/lib/client/browser/toast';
import { showUndoToast } from '@/lib/client/browser/undo-toast';
import { applyChange, type OptimisticChange } from '@/lib/client/history/chat-history';
import { insertChat } from '@/lib/client/history/insert-chat';
import {
  confirmChange,
  historyStore,
  locallyDeletedIds,
  updateHistoryState,
} from '@/lib/client/history/use-history';
import { api } from '@/lib/client/http/api';
import { repeatUntilResponse } from '@/lib/client/http/repeat-until-response';
import { type RequestError, toErrorMessage } from '@/lib/client/http/request-error';
import type { ChatSummary, UpdateChatBody } from '@/lib/protocol/api';

const MAX_DELETE_ATTEMPTS = 3;
/** About 20 seconds; the server removes the chat by then. */
const MAX_RESTORE_ATTEMPTS = 8;

/**
 * Renames a chat. Displays the title immediately and reverts it if the request fails. Never rejects:
 * a toast displays errors.
 */
export async function renameChat(id: string, title: string): Promise<void> {
  const json: UpdateChatBody = { title };
  try {
    await runOptimistically(id, { title }, () =>
      api<ChatSummary>(`/api/chat/${id}`, { method: 'PATCH', json }),
    );
  } catch (error) {
    toast.error('Couldn’t rename the chat.', { description: toErrorMessage(error) });
  }
}

export type DeleteChatOptions = {
  isTemporary: boolean;
  /** Called when the chat disappears from this page. */
  onDeleted: () => void;
  onRestored: () => void;
};

/**
 * Deletes a chat. Removes it from the list immediately, and adds it again if the request fails. A
 * toast offers to undo it, unless the chat is temporary. Never rejects: a toast displays errors.
 */
export async function deleteChat(
  { id, title }: { id: string; title: string },
  { isTemporary, onDeleted, onRestored }: DeleteChatOptions,
): Promise<void> {
  const deletion = requestDeletion(id);
  onDeleted();
  try {
    await deletion;
    if (isTemporary) toast.success('Temporary chat deleted.');
    else showUndoToast('Chat deleted.', () => restoreChat(id, onRestored));
  } catch (error) {
    const name = isTemporary ? 'the temporary chat' : `“${title || 'New chat'}”`;
    toast.error(`Couldn’t delete ${name}.`, { description: toErrorMessage(error) });
  }
}

async function requestDeletion(id: string): Promise<void> {
  locallyDeletedIds.add(id);
  await runOptimistically(id, 'deleted', () =>
    repeatUntilResponse(MAX_DELETE_ATTEMPTS, () =>
      api<void>(`/api/chat/${id}`, { method: 'DELETE' }),
    ).catch((error: RequestError) => {
      // Already deleted: in another tab, or by a request whose response was lost.
      if (error.code === 'chat_not_found') return;
      locallyDeletedIds.delete(id);
      throw error;
    }),
  );
}

/** Restores a deleted chat, also if the server is just restarting. */
async function restoreChat(id: string, onRestored: () => void): Promise<void> {
  try {
    const chat = await repeatUntilResponse(MAX_RESTORE_ATTEMPTS, () =>
      api<ChatSummary>(`/api/chat/${id}/restore`, { method: 'POST' }),
    );
    confirmChange((history) => insertChat(history, chat));
    locallyDeletedIds.delete(id);
    onRestored();
  } catch (error) {
    toast.error('Couldn’t restore the chat.', { description: toErrorMessage(error) });
  }
}

/**
 * Displays a change immediately and reverts it if the request fails.
 * @throws what `request` throws
 */
async function runOptimistically(
  chatId: string,
  change: OptimisticChange,
  request: () => Promise<unknown>,
): Promise<void> {
  updateHistoryState({
    optimisticChanges: new Map(historyStore.getState().optimisticChanges).set(chatId, change),
  });
  try {
    await request();
    confirmChange((history) => applyChange(history, chatId, change));
  } finally {
    const optimisticChanges = new Map(historyStore.getState().optimisticChanges);
    // A newer change of the same chat stays pending.
    if (optimisticChanges.get(chatId) === change) optimisticChanges.delete(chatId);
    updateHistoryState({ optimisticChanges });
  }
}
