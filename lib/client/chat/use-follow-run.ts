'use client';

import type { UIMessage } from 'ai';
import { useCallback } from 'react';
import { sleep } from '@/lib/client/browser/wait';
import { applyChatDetail } from '@/lib/client/chat/apply-chat-detail';
import type { ChatRequest } from '@/lib/client/chat/chat-request';
import {
  type ConversationInternals,
  LAST_UPDATE_MS,
  startChatRequest,
  toErrorMessage,
} from '@/lib/client/chat/conversation-internals';
import { findRunEnded, toUiMessages, upsertMessage } from '@/lib/client/chat/message-view';
import { refreshHistory } from '@/lib/client/history/use-history';
import { api, RequestError } from '@/lib/client/http/api';
import type { ChatDetail } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';

/** Between two tries to follow an answer that the server says is being made. */
const FOLLOW_RETRY_MS = 1_000;

/** @see useFollowRun. Resolves with what the server has; undefined where that could not be read. */
export type Reconcile = (options?: {
  /** Before an answer is followed that is being made: where that has just failed, say. */
  waitMs?: number;
  /** Whether a failure is left unsaid: nobody waits for it, and it is tried again. */
  quiet?: boolean;
}) => Promise<ChatDetail | undefined>;

/** Follows answers that are being made, and shows what the server has once they are over. */
export function useFollowRun(internals: ConversationInternals) {
  const { chatId, chat, requestRef, setters } = internals;
  const resume = useCallback(
    ({ versions: siblings }: Pick<StoredMessage, 'versions'>) => {
      startChatRequest(internals, 'resume').hasSiblings = siblings !== undefined;
      chat.current.setData(undefined);
      chat.current.experimental_resume();
    },
    [internals, chat],
  );

  /**
   * Shows what the server has, and follows an answer that is being made there. Does nothing where a
   * turn of this page is under way or begins meanwhile: that one ends with the truth by itself.
   */
  const reconcile: Reconcile = useCallback(
    async ({ waitMs = 0, quiet = false } = {}) => {
      if (requestRef.current) return undefined;
      const requestCountBefore = internals.requestCount.current;
      try {
        const detail = await api<ChatDetail>(`/api/chat/${chatId}`);
        if (internals.requestCount.current !== requestCountBefore) return undefined;
        const running = applyChatDetail(internals, detail);
        if (running) await sleep(waitMs);
        if (running && internals.requestCount.current === requestCountBefore) resume(running);
        return detail;
      } catch (error) {
        const missing = error instanceof RequestError && error.status === 404;
        // A chat whose first message was refused never was there.
        if (missing && chat.current.messages.length > 0)
          setters.setUnavailableReason(error.message);
        else if (!missing && !quiet) setters.setErrorMessage(toErrorMessage(error));
        return undefined;
      }
    },
    [internals, chatId, chat, requestRef, setters, resume],
  );

  /** After the end of an answer that is one of several: one that failed gives way to another. */
  const showSelectedBranch = useCallback(
    async ({ kind, messageId, streamEnd }: ChatRequest) => {
      const answer = chat.current.messages.find(({ id }) => id === messageId);
      const reason = answer && findRunEnded(answer)?.error?.message;
      const detail = await reconcile({ waitMs: streamEnd?.hasRunEnded ? 0 : FOLLOW_RETRY_MS });
      const isReplaced = detail && !detail.messages.some(({ id }) => id === messageId);
      if (kind === 'send' && reason && isReplaced) {
        setters.setErrorMessage(
          `The new version failed, and the one before it is shown. ${reason}`,
        );
      }
    },
    [chat, reconcile, setters],
  );

  /** A turn is over: useChat says that it is ready again. */
  const finishRequest = useCallback(
    async (request: ChatRequest) => {
      request.isSettling = true;
      await sleep(LAST_UPDATE_MS);
      const { streamEnd, error, accepted, messagesBefore } = request;
      if (requestRef.current === request) requestRef.current = null;
      internals.snapshotUpdatedAt.current = null;
      setters.setStopping(false);
      setters.setReconnecting(false);
      setters.setUnsaved(false);
      if (accepted) refreshHistory();
      const newerRunStarted =
        request.newestRunMessageId !== undefined &&
        request.newestRunMessageId !== request.messageId;
      if (streamEnd?.replacement) {
        const [replacement] = toUiMessages([streamEnd.replacement]) as [UIMessage];
        const { messages, setMessages } = chat.current;
        setMessages(upsertMessage(messages, replacement));
      } else if (!accepted) {
        chat.current.setMessages(messagesBefore);
        if (error) setters.setErrorMessage(toErrorMessage(error));
        request.settle('refused');
      }
      request.settle(accepted ? 'accepted' : 'refused');
      // Refused without an error the person called it back, and it may have arrived all the same.
      const mayHaveMoved =
        !accepted && (!error || (error instanceof RequestError && error.status === 409));
      const endUnknown = accepted && !streamEnd?.replacement && !streamEnd?.hasRunEnded;
      if (mayHaveMoved || newerRunStarted) await reconcile();
      else if (accepted && request.hasSiblings) await showSelectedBranch(request);
      else if (endUnknown) await reconcile({ waitMs: FOLLOW_RETRY_MS });
      if (!requestRef.current) setters.setPartialAnswer(null);
    },
    [internals, chat, requestRef, setters, reconcile, showSelectedBranch],
  );

  return { resume, reconcile, finish: finishRequest };
}
