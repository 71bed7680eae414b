'use client';

/**
 * A conversation as the page sees it. Wraps useChat and hides its traps:
 *
 * - its state lives in a cache shared by the whole page: each mount takes a key of its own;
 * - it takes the end of a connection for the end of the answer: resilientFetch is under it;
 * - its `stop` only drops the connection: ours asks the server, and the stream ends by itself;
 * - its last throttled update may come after it says that it is ready: changes wait for that.
 */
import { useChat } from '@ai-sdk/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Conversation, ConversationOptions } from '@/lib/client/chat/conversation';
import {
  isOver,
  type Kept,
  toUiMessages,
  versionsOf,
  withKept,
} from '@/lib/client/chat/message-view';
import { newId } from '@/lib/client/chat/new-id';
import { createResilientFetch } from '@/lib/client/chat/resilient-fetch';
import { sendBody } from '@/lib/client/chat/send-body';
import type { Turn } from '@/lib/client/chat/turn';
import { useFollow } from '@/lib/client/chat/use-follow';
import { useForgetOnUnmount } from '@/lib/client/chat/use-forget-on-unmount';
import { useLiveChat } from '@/lib/client/chat/use-live-chat';
import { useSelectVersion } from '@/lib/client/chat/use-select-version';
import { type TurnBody, useSend } from '@/lib/client/chat/use-send';
import { useStop } from '@/lib/client/chat/use-stop';
import { THROTTLE_MS, type Workings } from '@/lib/client/chat/workings';

export function useConversation(options: ConversationOptions): Conversation {
  const { chatId, initialMessages } = options;
  const [key] = useState(() => `${chatId}:${newId()}`);
  const [initial] = useState(() => toUiMessages(initialMessages.filter(isOver)));
  const [reconnecting, setReconnecting] = useState(false);
  const [unsaved, setUnsaved] = useState(false);
  const [stopping, setStopping] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [kept, setKept] = useState<Kept | null>(null);
  const [versions, setVersions] = useState<Conversation['versions']>(() =>
    versionsOf(initialMessages),
  );
  const [gone, setGone] = useState<string | null>(null);
  const turn = useRef<Turn | null>(null);
  const left = useRef(false);

  const [resilientFetch] = useState(() =>
    createResilientFetch({
      chatId,
      onAccepted: (messageId) => turn.current?.accept(messageId),
      onReconnecting: setReconnecting,
      onUnsaved: setUnsaved,
      onEnd: (ending) => {
        if (turn.current) turn.current.ending = ending;
      },
    }),
  );
  const chat = useChat({
    id: key,
    api: '/api/chat',
    initialMessages: initial,
    sendExtraMessageFields: true,
    generateId: newId,
    experimental_throttle: THROTTLE_MS,
    fetch: resilientFetch,
    experimental_prepareRequestBody: ({ messages, requestBody }) => {
      const { modelRef, ...about } = (requestBody ?? { modelRef: '' }) as TurnBody;
      return sendBody(chatId, messages, modelRef, about);
    },
    onError: (error) => {
      if (!turn.current) return;
      turn.current.error = error;
      // Of a conversation that was left, no render tells the end.
      if (left.current) turn.current.settle('refused');
    },
  });
  const chatRef = useRef(chat);
  const latest = useRef(options);
  useEffect(() => {
    chatRef.current = chat;
    latest.current = options;
  });
  const { stop: drop } = chat;
  const leave = useCallback(async () => {
    left.current = true;
    const { current: begun } = turn;
    // What was sent arrives nevertheless.
    if (begun?.kind === 'send' && !begun.stopWanted) await begun.outcome;
    drop();
    begun?.settle('refused');
  }, [drop]);
  useForgetOnUnmount(key, leave);

  const turns = useRef(0);
  const seenAt = useRef(options.updatedAt);
  const [workings] = useState<Workings>(() => ({
    chatId,
    chat: chatRef,
    options: latest,
    turn,
    turns,
    left,
    seenAt,
    show: {
      problem: setProblem,
      stopping: setStopping,
      reconnecting: setReconnecting,
      unsaved: setUnsaved,
      kept: setKept,
      versions: setVersions,
      gone: setGone,
    },
  }));
  const { resume, reconcile, finish } = useFollow(workings);
  const selectVersion = useSelectVersion(workings, reconcile);
  useLiveChat(workings, reconcile);
  const { send, retry, continueAnswer } = useSend(workings);
  const stop = useStop(workings);

  const busy = chat.status === 'submitted' || chat.status === 'streaming';
  const wasBusy = useRef(false);
  useEffect(() => {
    if (wasBusy.current && !busy && turn.current) finish(turn.current);
    wasBusy.current = busy;
  }, [busy, finish]);

  const started = useRef(false);
  const running = initialMessages.find((message) => !isOver(message));
  useEffect(() => {
    // Once: StrictMode mounts twice.
    if (running && !started.current) resume(running);
    started.current = true;
  }, [running, resume]);

  const messages = useMemo(
    () => (kept ? withKept(chat.messages, kept) : chat.messages),
    [chat.messages, kept],
  );
  const nothingNew = chat.status === 'submitted' || (kept && messages.at(-1) === kept.answer);
  const dismissProblem = useCallback(() => setProblem(null), []);
  const askedHere = useCallback(() => turn.current?.kind === 'send', []);
  return {
    messages,
    status: !busy ? 'ready' : nothingNew ? 'waiting' : 'streaming',
    stopping,
    reconnecting,
    unsaved,
    problem,
    dismissProblem,
    gone,
    versions,
    selectVersion,
    data: chat.data,
    askedHere,
    send,
    stop,
    retry,
    continueAnswer,
  };
}
