'use client';

import { useCallback } from 'react';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { api } from '@/lib/client/http/api';
import { toErrorMessage } from '@/lib/client/http/request-error';
import type { StopResult } from '@/lib/protocol/api';
import { withTimeout } from '@/lib/shared/with-timeout';

/** Time in which the stop must end the stream, otherwise the connection is dropped. */
const STOP_TIMEOUT_MS = 2_000;

/** Returns a function that stops the answer on the server, which then ends the stream. */
export function useStop({
  chatId,
  chat,
  requestRef,
  setters,
}: ConversationInternals): () => Promise<void> {
  return useCallback(async () => {
    const request = requestRef.current;
    if (!request || request.isStopRequested) return;
    request.isStopRequested = true;
    setters.setStopping(true);
    const abortAfterTimeout = () =>
      setTimeout(() => requestRef.current === request && chat.current.stop(), STOP_TIMEOUT_MS);
    if (!request.isSent) {
      chat.current.stop();
      return;
    }
    // Until the response headers arrive, the page does not know whether there is a run to stop.
    await withTimeout(request.outcome, STOP_TIMEOUT_MS, () => {});
    if (requestRef.current !== request) return;
    try {
      const answer = request.messageId ? `?messageId=${request.messageId}` : '';
      await api<StopResult>(`/api/chat/${chatId}/stop${answer}`, { method: 'POST' });
      abortAfterTimeout();
    } catch (error) {
      // The server has no run because the send has not arrived yet: abort the send.
      if (!request.accepted) {
        chat.current.stop();
        return;
      }
      request.isStopRequested = false;
      setters.setStopping(false);
      setters.setErrorMessage(toErrorMessage(error));
    }
  }, [chatId, chat, requestRef, setters]);
}
