'use client';

import type { UIMessage } from 'ai';
import { useCallback, useRef } from 'react';
import { newUuid } from '@/lib/client/browser/new-uuid';
import { sleep } from '@/lib/client/browser/wait';
import type { SendTarget } from '@/lib/client/chat/build-send-body';
import type { ChatRequest, SendOutcome } from '@/lib/client/chat/chat-request';
import type { SendActions, Siblings } from '@/lib/client/chat/conversation';
import {
  type ConversationInternals,
  startChatRequest,
} from '@/lib/client/chat/conversation-internals';
import { leaveRun } from '@/lib/client/chat/leave-run';
import type { Reconcile } from '@/lib/client/chat/use-follow-run';
import { refreshHistory } from '@/lib/client/history/use-history';
import type { RequestError } from '@/lib/client/http/request-error';
import { LAST_RENDER_MS } from '@/lib/protocol/latency';

/** The ways to request an answer. The page leaves an answer that is running on another branch. */
export function useSend(internals: ConversationInternals, reconcile: Reconcile): SendActions {
  const { chat, options, requestRef, hasNavigatedAway, setters } = internals;
  /** A send without a response: the same text is sent again with the same id. */
  const unconfirmedSend = useRef<UnconfirmedSend | null>(null);

  const startSend = useCallback(
    async (
      { modelRef, ...target }: SendTarget & { modelRef?: string },
      submit: () => unknown,
    ): Promise<SendOutcome> => {
      // The last request may still be settling; a running answer prevents the send.
      if (requestRef.current?.isSettling) await sleep(LAST_RENDER_MS * 2);
      if (requestRef.current) return 'rejected';
      const request = startChatRequest(internals, 'send');
      setters.setErrorMessage(null);
      request.target = target;
      request.modelRef = modelRef;
      chat.current.setData(undefined);
      submit();
      const outcome = await request.outcome;
      options.current.onSendFinished(outcome, hasNavigatedAway.current);
      if (outcome === 'accepted') refreshHistory();
      return outcome;
    },
    [internals, chat, options, requestRef, hasNavigatedAway, setters],
  );

  /** Sends a message with the id of an earlier attempt of which nothing is known. */
  const sendText = useCallback(
    async (text: string, target: SendTarget, prepare: () => void): Promise<SendOutcome> => {
      const isRepeated =
        unconfirmedSend.current?.text === text && unconfirmedSend.current.editOf === target.editOf;
      const id = (isRepeated && unconfirmedSend.current?.id) || newUuid();
      let request: ChatRequest | null = null;
      const outcome = await startSend(target, () => {
        request = requestRef.current;
        if (request) request.hasSiblings = target.editOf !== undefined;
        prepare();
        return chat.current.append({ id, role: 'user', content: text });
      });
      const sentRequest = request as ChatRequest | null;
      // Rejected before its request: it says nothing about an earlier send of the same text.
      if (!sentRequest?.isSent) return outcome;
      const gotNoResponse = (sentRequest.error as RequestError | undefined)?.status === 0;
      const { editOf } = target;
      unconfirmedSend.current =
        outcome === 'rejected' && gotNoResponse ? { id, text, editOf } : null;
      if (outcome === 'accepted' && editOf) setters.setSiblings(withSibling(editOf, id));
      return outcome;
    },
    [startSend, chat, requestRef, setters],
  );

  const send = useCallback((text: string) => sendText(text, {}, () => {}), [sendText]);

  /**
   * Starts another branch at a displayed message. If an answer is running, the page leaves it first,
   * and follows it again if the server rejects the request.
   */
  const startBranch = useCallback(
    async (start: (branchEnd: string) => Promise<SendOutcome>): Promise<SendOutcome> => {
      const { current: request } = requestRef;
      // The id of a new answer is known once its request is accepted.
      if (request?.kind === 'send' && !request.isSettling) await request.outcome;
      const branchEnd = request?.messageId ?? chat.current.messages.at(-1)?.id;
      if (branchEnd === undefined) return 'rejected';
      await leaveRun(internals);
      const outcome = await start(branchEnd);
      if (outcome === 'rejected' && request) await reconcile({ silent: true });
      return outcome;
    },
    [internals, chat, requestRef, reconcile],
  );

  const edit = useCallback(
    (messageId: string, text: string) =>
      startBranch((branchEnd) =>
        sendText(text, { editOf: messageId, branchEnd }, () => {
          const { messages, setMessages } = chat.current;
          setMessages(messages.slice(0, indexOf(messages, messageId)));
        }),
      ),
    [startBranch, sendText, chat],
  );

  const regenerate: SendActions['regenerate'] = useCallback(
    async ({ messageId, modelRef } = {}) => {
      const last = chat.current.messages.at(-1);
      if (!messageId && last?.role !== 'assistant')
        return void startSend({ modelRef }, () => chat.current.reload());
      const retryOf = messageId ?? last?.id ?? '';
      const answerId = newUuid();
      const outcome = await startBranch((branchEnd) =>
        startSend({ retryOf, answerId, branchEnd, modelRef }, () => {
          if (requestRef.current) requestRef.current.hasSiblings = true;
          const { messages, setMessages } = chat.current;
          setMessages(messages.slice(0, indexOf(messages, retryOf)));
          return chat.current.reload();
        }),
      );
      if (outcome === 'accepted') setters.setSiblings(withSibling(retryOf, answerId));
    },
    [startBranch, startSend, chat, requestRef, setters],
  );

  const continueAnswer = useCallback(() => {
    const [userMessage, answer] = chat.current.messages.slice(-2);
    if (!userMessage || answer?.role !== 'assistant') return;
    startSend({ continueOf: answer.id }, () => {
      // useChat removes the answer before its stream has repeated it.
      setters.setPartialAnswer({ answer, userMessageId: userMessage.id });
      return chat.current.reload();
    });
  }, [startSend, chat, setters]);

  return { send, edit, regenerate, continueAnswer };
}

type UnconfirmedSend = { id: string; text: string; editOf: string | undefined };

/** The index of a displayed message; the end if it is no longer displayed. */
function indexOf(messages: readonly UIMessage[], id: string): number {
  const index = messages.findIndex((message) => message.id === id);
  return index === -1 ? messages.length : index;
}

/** Returns a function that adds a sibling of a message, as the last one. */
function withSibling(id: string, siblingId: string): (siblings: Siblings) => Siblings {
  return (siblings) => {
    const ids = [...(siblings.get(id) ?? [id]), siblingId];
    return new Map([...siblings, ...ids.map((each) => [each, ids] as const)]);
  };
}
