'use client';

import type { UIMessage } from 'ai';
import { useCallback } from 'react';
import { sleep } from '@/lib/client/browser/wait';
import { applyChatDetail } from '@/lib/client/chat/apply-chat-detail';
import type { ChatRequest } from '@/lib/client/chat/chat-request';
import {
  type ConversationInternals,
  startChatRequest,
} from '@/lib/client/chat/conversation-internals';
import { leaveRun } from '@/lib/client/chat/leave-run';
import { findRunEnded, toUiMessages, upsertMessage } from '@/lib/client/chat/message-view';
import { refreshHistory } from '@/lib/client/history/use-history';
import { api } from '@/lib/client/http/api';
import { RequestError, toErrorMessage } from '@/lib/client/http/request-error';
import type { ChatDetail } from '@/lib/protocol/api';
import { LAST_RENDER_MS } from '@/lib/protocol/latency';
import type { StoredMessage } from '@/lib/protocol/messages';

/** Delay before another attempt to follow an answer that the server reports as running. */
const FOLLOW_RETRY_MS = 1_000;

export type DisplayChat = (detail: ChatDetail, delayMs?: number) => Promise<void>;

/** See useFollowRun. Resolves with the server's chat, or undefined if skipped or failed. */
export type Reconcile = (options?: {
  /** Delay before following a running answer, for example after following it has just failed. */
  delayMs?: number;
  /** Suppresses the error message: for background refreshes, which are repeated. */
  silent?: boolean;
}) => Promise<ChatDetail | undefined>;

/** Follows running answers and displays the server's state once they have finished. */
export function useFollowRun(internals: ConversationInternals) {
  const { chatId, chat, requestRef, setters } = internals;
  const resume = useCallback(
    ({ id, modelRef, versions: siblings }: Pick<StoredMessage, 'id' | 'modelRef' | 'versions'>) => {
      const request = startChatRequest(internals, 'resume');
      request.modelRef = modelRef ?? undefined;
      request.messageId = id;
      request.hasSiblings = siblings !== undefined;
      chat.current.setData(undefined);
      chat.current.experimental_resume();
    },
    [internals, chat],
  );

  /** Displays the server's state of the chat, and follows a running answer after the delay. */
  const display: DisplayChat = useCallback(
    async (detail, delayMs = 0) => {
      const requestCountBefore = internals.requestCount.current;
      const running = applyChatDetail(internals, detail);
      if (!running) return;
      if (delayMs > 0) await sleep(delayMs);
      if (internals.requestCount.current === requestCountBefore) resume(running);
    },
    [internals, resume],
  );

  /**
   * Displays the server's state of the chat and follows a running answer. Does nothing if a request
   * of this page is pending or starts meanwhile: that request reconciles when it finishes.
   */
  const reconcile: Reconcile = useCallback(
    async ({ delayMs = 0, silent = false } = {}) => {
      if (requestRef.current) return undefined;
      const requestCountBefore = internals.requestCount.current;
      try {
        const detail = await api<ChatDetail>(`/api/chat/${chatId}`);
        if (internals.requestCount.current !== requestCountBefore) return undefined;
        await display(detail, delayMs);
        return detail;
      } catch (error) {
        const missing = error instanceof RequestError && error.status === 404;
        // A chat whose first message was rejected never existed, so it is not reported as missing.
        if (missing && chat.current.messages.length > 0)
          setters.setUnavailableReason(error.message);
        else if (!missing && !silent) setters.setErrorMessage(toErrorMessage(error));
        return undefined;
      }
    },
    [internals, chatId, chat, requestRef, setters, display],
  );

  /** After an answer with siblings has ended: if it failed, the server selects another sibling. */
  const showSelectedBranch = useCallback(
    async ({ kind, messageId, streamEnd }: ChatRequest) => {
      const answer = chat.current.messages.find(({ id }) => id === messageId);
      const reason = answer && findRunEnded(answer)?.error?.message;
      const detail = await reconcile({ delayMs: streamEnd?.hasRunEnded ? 0 : FOLLOW_RETRY_MS });
      const isReplaced = detail && !detail.messages.some(({ id }) => id === messageId);
      if (kind === 'send' && reason && isReplaced) {
        setters.setErrorMessage(`The new answer failed, so the previous one is shown. ${reason}`);
      }
    },
    [chat, reconcile, setters],
  );

  /** Finishes a request after useChat's status is ready again. */
  const finishRequest = useCallback(
    async (request: ChatRequest) => {
      request.isSettling = true;
      await sleep(LAST_RENDER_MS);
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
        request.settle('rejected');
      }
      request.settle(accepted ? 'accepted' : 'rejected');
      if (request.onLeft) {
        setters.setPartialAnswer(null);
        request.onLeft();
        return;
      }
      // Without an error the user stopped the send, which may have reached the server all the same.
      const mayHaveMoved =
        request.isSent &&
        !accepted &&
        (!error || (error instanceof RequestError && error.status === 409));
      const endUnknown = accepted && !streamEnd?.replacement && !streamEnd?.hasRunEnded;
      if (mayHaveMoved || newerRunStarted) await reconcile();
      else if (accepted && request.hasSiblings) await showSelectedBranch(request);
      else if (endUnknown) await reconcile({ delayMs: FOLLOW_RETRY_MS });
      if (!requestRef.current) setters.setPartialAnswer(null);
    },
    [internals, chat, requestRef, setters, reconcile, showSelectedBranch],
  );

  /** Displays the active branch, also if another one is displayed and its answer is running. */
  const followBranch = useCallback(async () => {
    const { current: request } = requestRef;
    if (!request) return void (await reconcile({ silent: true }));
    const detail = await api<ChatDetail>(`/api/chat/${chatId}`).catch(() => undefined);
    // Unless the request has ended meanwhile, and with it the display of its branch.
    if (requestRef.current !== request || request.isSettling) return;
    if (!detail || detail.messages.at(-1)?.id === request.messageId) {
      request.hasSiblings = true;
      return;
    }
    await leaveRun(internals);
    await display(detail);
  }, [internals, chatId, requestRef, reconcile, display]);

  return { resume, reconcile, display, followBranch, finish: finishRequest };
}
