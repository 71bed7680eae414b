/** Queues a message. Lazy-loaded: the initial bundle does not contain it. */
import { mutate } from 'swr';
import { newUuid } from '@/lib/client/browser/new-uuid';
import type { SendOutcome } from '@/lib/client/chat/chat-request';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { MAX_SEND_ATTEMPTS } from '@/lib/client/chat/stream/connect';
import { api } from '@/lib/client/http/api';
import { repeatUntilResponse } from '@/lib/client/http/repeat-until-response';
import { RequestError, toErrorMessage } from '@/lib/client/http/request-error';
import type { QueuedMessage, QueueMessageBody } from '@/lib/protocol/api';

export function queueUrl(chatId: string): string {
  return `/api/chat/${chatId}/queue`;
}

/** Requests without a response, by chat: the same text is queued again with the same id. */
const unconfirmed = new Map<string, { id: string; text: string }>();

/** The last request of each chat: messages are queued in the order in which they were written. */
const lastRequests = new Map<string, Promise<unknown>>();

/**
 * Queues a message after the displayed branch, in which an answer is running. Displays the error if
 * it is rejected.
 */
export function queueMessage(internals: ConversationInternals, text: string): Promise<SendOutcome> {
  const { chatId } = internals;
  const previous = lastRequests.get(chatId) ?? Promise.resolve();
  const current = previous.then(() => requestQueuing(internals, text));
  lastRequests.set(chatId, current);
  return current;
}

/** Never rejects. */
async function requestQueuing(
  { chatId, chat, requestRef, setters }: ConversationInternals,
  text: string,
): Promise<SendOutcome> {
  setters.setErrorMessage(null);
  const { current: request } = requestRef;
  // The id of a new answer is known once its request is accepted.
  if (request?.kind === 'send' && !request.isSettling) {
    if ((await request.outcome) === 'rejected') return 'rejected';
  }
  setters.setUsesQueue(true);
  const answerId = request?.messageId ?? chat.current.messages.at(-1)?.id ?? '';
  const earlier = unconfirmed.get(chatId);
  const id = earlier?.text === text ? earlier.id : newUuid();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  unconfirmed.set(chatId, { id, text });
  try {
    const json: QueueMessageBody = { id, text, answerId, timeZone };
    // The id makes it idempotent.
    const queued = await repeatUntilResponse(MAX_SEND_ATTEMPTS, () =>
      api<QueuedMessage[]>(queueUrl(chatId), { method: 'POST', json }),
    );
    unconfirmed.delete(chatId);
    await mutate(queueUrl(chatId), queued, { revalidate: false });
    return 'accepted';
  } catch (error) {
    if (error instanceof RequestError && error.status > 0) unconfirmed.delete(chatId);
    setters.setErrorMessage(toErrorMessage(error));
    return 'rejected';
  }
}
