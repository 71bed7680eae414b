/** Changes the branches of a chat. Lazy-loaded: the initial bundle does not contain it. */
import { showUndoToast } from '@/lib/client/browser/undo-toast';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { leaveRun } from '@/lib/client/chat/leave-run';
import type { DisplayChat, Reconcile } from '@/lib/client/chat/use-follow-run';
import { api } from '@/lib/client/http/api';
import { RequestError, toErrorMessage } from '@/lib/client/http/request-error';
import type { ChatDetail, SelectBranchBody } from '@/lib/protocol/api';

export type BranchContext = {
  internals: ConversationInternals;
  following: { reconcile: Reconcile; display: DisplayChat };
};

/** Selects the branch of a message, which takes the place of another version. */
export async function selectBranch(
  context: BranchContext,
  messageId: string,
  replacedId: string,
): Promise<void> {
  const { chat, chatId } = context.internals;
  const { messages } = chat.current;
  const index = messages.findIndex(({ id }) => id === replacedId);
  const json: SelectBranchBody = { messageId, after: messages[index - 1]?.id };
  await change(context, () => api(`/api/chat/${chatId}/branch`, { method: 'PUT', json }));
}

/** Deletes the branch of a message. A toast offers to undo it. */
export async function deleteBranch(context: BranchContext, messageId: string): Promise<void> {
  const url = `/api/chat/${context.internals.chatId}/message/${messageId}`;
  if (!(await change(context, () => api(url, { method: 'DELETE' })))) return;
  showUndoToast('Version deleted.', () =>
    change(context, () => api(`${url}/restore`, { method: 'POST' })),
  );
}

/**
 * Displays the response of a request that changes the active branch, or its error.
 * @returns whether it succeeded
 */
async function change(
  { internals, following }: BranchContext,
  request: () => Promise<ChatDetail>,
): Promise<boolean> {
  const { requestRef, requestCount, pendingSelection, setters } = internals;
  const requestCountBefore = requestCount.current;
  setters.setErrorMessage(null);
  try {
    const response = request();
    pendingSelection.current = response.catch(() => {});
    const detail = await withDisplayedStart(internals, await response);
    // A message was sent meanwhile: its branch is active.
    if (requestCount.current !== requestCountBefore) return true;
    if (requestRef.current) await leaveRun(internals);
    await following.display(detail);
    return true;
  } catch (error) {
    setters.setErrorMessage(toErrorMessage(error));
    // Rejected by the server: the displayed chat is outdated.
    if (error instanceof RequestError && error.status > 0)
      await following.reconcile({ silent: true });
    return false;
  }
}

/** Fetches the whole chat if the message that the response starts after is no longer displayed. */
async function withDisplayedStart(
  { chat, chatId }: ConversationInternals,
  detail: ChatDetail,
): Promise<ChatDetail> {
  const { after } = detail;
  if (after === undefined || chat.current.messages.some(({ id }) => id === after)) return detail;
  return await api(`/api/chat/${chatId}`);
}
