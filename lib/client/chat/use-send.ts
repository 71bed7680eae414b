'use client';

import { useCallback, useRef } from 'react';
import { newUuid } from '@/lib/client/browser/new-uuid';
import { sleep } from '@/lib/client/browser/wait';
import type { SendTarget } from '@/lib/client/chat/build-send-body';
import type { ChatRequest, SendOutcome } from '@/lib/client/chat/chat-request';
import {
  type ConversationInternals,
  startChatRequest,
} from '@/lib/client/chat/conversation-internals';
import { refreshHistory } from '@/lib/client/history/use-history';
import type { RequestError } from '@/lib/client/http/request-error';
import { LAST_RENDER_MS } from '@/lib/protocol/latency';

/** The ways to request an answer: send a new message, regenerate or continue the last answer. */
export function useSend(internals: ConversationInternals) {
  const { chat, options, requestRef, hasNavigatedAway, setters } = internals;
  /** A send without a response: the same text is sent again with the same id. */
  const unconfirmedSend = useRef<{ id: string; text: string } | null>(null);

  const startSend = useCallback(
    async (target: SendTarget, submit: () => unknown): Promise<SendOutcome> => {
      // The last request may still be settling; a running answer prevents the send.
      if (requestRef.current?.isSettling) await sleep(LAST_RENDER_MS * 2);
      if (requestRef.current) return 'rejected';
      const request = startChatRequest(internals, 'send');
      setters.setErrorMessage(null);
      request.target = target;
      chat.current.setData(undefined);
      submit();
      const outcome = await request.outcome;
      options.current.onSendFinished(outcome, hasNavigatedAway.current);
      if (outcome === 'accepted') refreshHistory();
      return outcome;
    },
    [internals, chat, options, requestRef, hasNavigatedAway, setters],
  );

  const send = useCallback(
    async (text: string) => {
      const unconfirmedId =
        unconfirmedSend.current?.text === text ? unconfirmedSend.current.id : undefined;
      const id = unconfirmedId ?? newUuid();
      let request: ChatRequest | null = null;
      const outcome = await startSend({}, () => {
        request = requestRef.current;
        return chat.current.append({ id, role: 'user', content: text });
      });
      const sentRequest = request as ChatRequest | null;
      // Rejected before its request: it says nothing about an earlier send of the same text.
      if (!sentRequest?.isSent) return outcome;
      const gotNoResponse = (sentRequest.error as RequestError | undefined)?.status === 0;
      unconfirmedSend.current = outcome === 'rejected' && gotNoResponse ? { id, text } : null;
      return outcome;
    },
    [startSend, chat, requestRef],
  );

  const regenerate = useCallback(() => {
    const last = chat.current.messages.at(-1);
    const regeneratedMessageId = last?.role === 'assistant' ? last.id : undefined;
    startSend(
      { retryOf: regeneratedMessageId, ...(regeneratedMessageId && { answerId: newUuid() }) },
      () => {
        if (requestRef.current) requestRef.current.hasSiblings = regeneratedMessageId !== undefined;
        return chat.current.reload();
      },
    );
  }, [startSend, chat, requestRef]);

  const continueAnswer = useCallback(() => {
    const [userMessage, answer] = chat.current.messages.slice(-2);
    if (!userMessage || answer?.role !== 'assistant') return;
    startSend({ continueOf: answer.id }, () => {
      // useChat removes the answer before its stream has repeated it.
      setters.setPartialAnswer({ answer, userMessageId: userMessage.id });
      return chat.current.reload();
    });
  }, [startSend, chat, setters]);

  return { send, regenerate, continueAnswer };
}
