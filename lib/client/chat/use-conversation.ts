'use client';

/**
 * The page's conversation. Wraps useChat and works around its pitfalls:
 *
 * - its state is in a cache shared by the whole page: each mount uses its own key;
 * - it treats the end of a connection as the end of the answer, so requests go through
 *   `createResilientFetch`;
 * - it builds a request's body at once, while a send may have to wait: see `createSendFetch`;
 * - its `stop` only drops the connection: `useStop` sends a stop request, which ends the stream;
 * - its last throttled update may come after its status is 'ready', so messages are changed only
 *   `LAST_RENDER_MS` later.
 */
import { useChat } from '@ai-sdk/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { newUuid } from '@/lib/client/browser/new-uuid';
import type { ChatRequest } from '@/lib/client/chat/chat-request';
import type { ConversationOptions, UseConversationResult } from '@/lib/client/chat/conversation';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import {
  isFinished,
  type PartialAnswer,
  siblingsOf,
  toUiMessages,
  withPartialAnswer,
} from '@/lib/client/chat/message-view';
import { createSendFetch } from '@/lib/client/chat/send-request';
import { createResilientFetch } from '@/lib/client/chat/stream/resilient-fetch';
import { useBranches } from '@/lib/client/chat/use-branches';
import { useChatEvents } from '@/lib/client/chat/use-chat-events';
import { useDisposeOnUnmount } from '@/lib/client/chat/use-dispose-on-unmount';
import { useFollowRun } from '@/lib/client/chat/use-follow-run';
import { useSend } from '@/lib/client/chat/use-send';
import { useStop } from '@/lib/client/chat/use-stop';
import { CHAT_RENDER_INTERVAL_MS } from '@/lib/protocol/latency';

export function useConversation(options: ConversationOptions): UseConversationResult {
  const { chatId, initialMessages } = options;
  const [chatKey] = useState(() => `${chatId}:${newUuid()}`);
  const [initial] = useState(() => toUiMessages(initialMessages.filter(isFinished)));
  const [reconnecting, setReconnecting] = useState(false);
  const [unsaved, setUnsaved] = useState(false);
  const [stopping, setStopping] = useState(false);
  const [errorMessage, setErrorMessage] = useState<string | null>(null);
  const [partialAnswer, setPartialAnswer] = useState<PartialAnswer | null>(null);
  const [siblings, setSiblings] = useState<UseConversationResult['siblings']>(() =>
    siblingsOf(initialMessages),
  );
  const [unavailableReason, setUnavailableReason] = useState<string | null>(null);
  const [usesQueue, setUsesQueue] = useState(options.hasQueue);
  const requestRef = useRef<ChatRequest | null>(null);
  const hasNavigatedAway = useRef(false);
  const latestOptions = useRef(options);

  const [sendFetch] = useState(() => {
    const resilientFetch = createResilientFetch({
      chatId,
      resumedMessageId: () => requestRef.current?.messageId,
      onAccepted: (messageId) => requestRef.current?.accept(messageId),
      onReconnecting: setReconnecting,
      onUnsaved: setUnsaved,
      onStreamEnd: (streamEnd) => {
        if (requestRef.current) requestRef.current.streamEnd = streamEnd;
      },
    });
    return createSendFetch({ chatId, options: latestOptions, requestRef }, resilientFetch);
  });
  const chat = useChat({
    id: chatKey,
    api: '/api/chat',
    initialMessages: initial,
    sendExtraMessageFields: true,
    generateId: newUuid,
    experimental_throttle: CHAT_RENDER_INTERVAL_MS,
    fetch: sendFetch,
    experimental_prepareRequestBody: ({ messages }) => {
      // `sendFetch` builds the body of a send; a resume uses only the chat's id.
      if (requestRef.current) requestRef.current.displayedMessages = messages;
      return { id: chatId };
    },
    onError: (error) => {
      if (!requestRef.current) return;
      requestRef.current.error = error;
      // After unmounting no effect runs `finish`, so the request is settled here.
      if (hasNavigatedAway.current) requestRef.current.settle('rejected');
    },
  });
  const chatRef = useRef(chat);
  useEffect(() => {
    chatRef.current = chat;
    latestOptions.current = options;
  });
  const { stop: abortConnection } = chat;
  const dispose = useCallback(async () => {
    hasNavigatedAway.current = true;
    const { current: request } = requestRef;
    // Aborting a pending send could keep the message from reaching the server.
    if (request?.kind === 'send' && !request.isStopRequested) await request.outcome;
    abortConnection();
    request?.settle('rejected');
  }, [abortConnection]);
  useDisposeOnUnmount(chatKey, dispose);

  const requestCount = useRef(0);
  const pendingSelection = useRef<Promise<unknown>>(Promise.resolve());
  const snapshotUpdatedAt = useRef(options.updatedAt);
  const [internals] = useState<ConversationInternals>(() => ({
    chatId,
    chat: chatRef,
    options: latestOptions,
    requestRef,
    requestCount,
    hasNavigatedAway,
    pendingSelection,
    snapshotUpdatedAt,
    setters: {
      setErrorMessage,
      setStopping,
      setReconnecting,
      setUnsaved,
      setPartialAnswer,
      setSiblings,
      setUnavailableReason,
      setUsesQueue,
    },
  }));
  const following = useFollowRun(internals);
  const { resume, finish } = following;
  const branchActions = useBranches(internals, following);
  useChatEvents(internals, following);
  const sendActions = useSend(internals, following.reconcile);
  const queueMessage = useCallback(
    async (text: string) => {
      try {
        const module = await import('@/lib/client/chat/queue/queue-message');
        return await module.queueMessage(internals, text);
      } catch {
        setErrorMessage('Couldn’t reach the server. Check that it is running, then try again.');
        return 'rejected';
      }
    },
    [internals],
  );
  const stop = useStop(internals);

  const busy = chat.status === 'submitted' || chat.status === 'streaming';
  const wasBusy = useRef(false);
  useEffect(() => {
    if (wasBusy.current && !busy && requestRef.current) finish(requestRef.current);
    wasBusy.current = busy;
  }, [busy, finish]);

  const resumedOnMount = useRef(false);
  const running = initialMessages.find((message) => !isFinished(message));
  useEffect(() => {
    // Only once: StrictMode mounts twice.
    if (running && !resumedOnMount.current) resume(running);
    resumedOnMount.current = true;
  }, [running, resume]);

  const messages = useMemo(
    () => (partialAnswer ? withPartialAnswer(chat.messages, partialAnswer) : chat.messages),
    [chat.messages, partialAnswer],
  );
  const isWaiting =
    chat.status === 'submitted' || (partialAnswer && messages.at(-1) === partialAnswer.answer);
  const startedHere = useCallback(() => requestRef.current?.kind === 'send', []);
  const awaitedModelRef = useCallback(
    () => requestRef.current?.modelRef ?? latestOptions.current.modelRef,
    [],
  );
  return {
    messages,
    status: !busy ? 'ready' : isWaiting ? 'waiting' : 'streaming',
    stopping,
    reconnecting,
    unsaved,
    errorMessage,
    setErrorMessage,
    unavailableReason,
    siblings,
    ...branchActions,
    queueMessage,
    usesQueue,
    streamEvents: chat.data,
    startedHere,
    awaitedModelRef,
    stop,
    ...sendActions,
  };
}
