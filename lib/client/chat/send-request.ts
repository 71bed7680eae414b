/** The time between the display of a sent message and its request. */
import { ensureSession, getCurrentUser } from '@/lib/client/account/session';
import { abortable, waitForRetry } from '@/lib/client/browser/wait';
import { buildSendBody } from '@/lib/client/chat/build-send-body';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { DEFAULT_DEPENDENCIES, MAX_SEND_ATTEMPTS } from '@/lib/client/chat/stream/connect';
import { api } from '@/lib/client/http/api';
import { RequestError } from '@/lib/client/http/request-error';
import type { ModelList } from '@/lib/protocol/api';
import { backoffMs } from '@/lib/shared/backoff';

const NO_MODEL_MESSAGE = 'No model is available yet. Start one, then try again.';

/**
 * Wraps the fetch of useChat, which displays a message before it sends it. A send waits until the
 * page knows its user and a model, and its body is built only then.
 * @throws RequestError from the returned fetch, or the signal's reason when it aborts; a request
 *   that failed while it waited is not sent later
 */
export function createSendFetch(
  { chatId, options, requestRef }: Pick<ConversationInternals, 'chatId' | 'options' | 'requestRef'>,
  fetchAnswer: typeof fetch,
): typeof fetch {
  return async (input, init) => {
    const request = requestRef.current;
    if (request?.kind !== 'send') return fetchAnswer(input, init);
    const signal = init?.signal ?? new AbortController().signal;
    // The stored settings of a new chat belong to a user. The request names that user, so the
    // server rejects it if another one has signed in meanwhile.
    if (request.messagesBefore.length === 0 && !getCurrentUser()) await waitForSession(signal);
    const modelRef =
      request.modelRef ??
      options.current.modelRef ??
      (await abortable(fetchDefaultModelRef(), signal));
    request.isSent = true;
    const body = buildSendBody(chatId, request.displayedMessages, modelRef, {
      ...request.target,
      settings: options.current.getNewChatSettings(),
    });
    return fetchAnswer(input, { ...init, body: JSON.stringify(body) });
  };
}

/** Retries like a send. @throws RequestError, or the signal's reason when it aborts */
async function waitForSession(signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await abortable(ensureSession(), signal);
      return;
    } catch (error) {
      const gotNoResponse = error instanceof RequestError && error.status === 0;
      if (!gotNoResponse || attempt >= MAX_SEND_ATTEMPTS) throw error;
      await waitForRetry(backoffMs(attempt - 1, DEFAULT_DEPENDENCIES.backoff), signal);
    }
  }
}

/** @throws RequestError, also if there is no model */
async function fetchDefaultModelRef(): Promise<string> {
  const { defaultRef, models } = await api<ModelList>('/api/models');
  const modelRef = defaultRef ?? models[0]?.ref;
  if (modelRef === undefined) throw new RequestError('no_model', NO_MODEL_MESSAGE, 503);
  return modelRef;
}
