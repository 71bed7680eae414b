'use client';

import { useCallback } from 'react';
import { sleep } from '@/lib/client/browser/wait';
import {
  type ConversationInternals,
  toErrorMessage,
} from '@/lib/client/chat/conversation-internals';
import { api } from '@/lib/client/http/api';
import type { StopResult } from '@/lib/protocol/api';

/** How long a stop may take to show in the stream before the connection is dropped. */
const STOP_TIMEOUT_MS = 2_000;

/** Stops the answer at the server; its stream then ends by itself. */
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
    // Before its headers have come there is no run to stop yet, as far as the page knows.
    await Promise.race([request.outcome, sleep(STOP_TIMEOUT_MS)]);
    if (requestRef.current !== request) return;
    try {
      await api<StopResult>(`/api/chat/${chatId}/stop`, { method: 'POST' });
      abortAfterTimeout();
    } catch (error) {
      // Nothing runs as far as the server knows: the send is on its way still, and is called back.
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
