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
import type { UIMessage } from 'ai';
import { useCallback, useEffect, useRef, useState } from 'react';
import { delay } from '@/lib/client/chat/connection';
import type { Conversation, ConversationOptions } from '@/lib/client/chat/conversation';
import { isOver, toUiMessages, withMessage } from '@/lib/client/chat/message-view';
import { newId } from '@/lib/client/chat/new-id';
import { createResilientFetch } from '@/lib/client/chat/resilient-fetch';
import { sendBody } from '@/lib/client/chat/send-body';
import { beginTurn, type Outcome, type Turn } from '@/lib/client/chat/turn';
import { useForgetOnUnmount } from '@/lib/client/chat/use-forget-on-unmount';
import { refreshHistory } from '@/lib/client/history';
import { api, RequestError } from '@/lib/client/http';
import type { ChatDetail, ModelList, StopResult } from '@/lib/protocol/api';

const THROTTLE_MS = 50;
/** After this time useChat's last throttled update has come. */
const SETTLE_MS = THROTTLE_MS + 10;
/** How long a stop may take to show in the stream before the connection is dropped. */
const STOP_PATIENCE_MS = 2_000;
/** Between two tries to follow an answer that the server says is being made. */
const FOLLOW_AGAIN_MS = 1_000;

const NEVER = new AbortController().signal;
const NO_MODEL = 'No model is available yet. Start one, then try again.';

export function useConversation(options: ConversationOptions): Conversation {
  const { chatId, initialMessages } = options;
  const [key] = useState(() => `${chatId}:${newId()}`);
  const [initial] = useState(() => toUiMessages(initialMessages.filter(isOver)));
  const [reconnecting, setReconnecting] = useState(false);
  const [stopping, setStopping] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const latest = useRef(options);
  const turn = useRef<Turn | null>(null);
  /** A send whose fate is unknown: the same text goes out under the same id again. */
  const unknownSend = useRef<{ id: string; text: string } | null>(null);

  const [resilientFetch] = useState(() =>
    createResilientFetch({
      chatId,
      onAccepted: () => turn.current?.accept(),
      onReconnecting: setReconnecting,
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
      const { modelRef, retryOf } = (requestBody ?? {}) as { modelRef?: string; retryOf?: string };
      return sendBody(chatId, messages, modelRef ?? '', retryOf);
    },
    onError: (error) => {
      if (turn.current) turn.current.error = error;
    },
  });
  const chatRef = useRef(chat);
  useEffect(() => {
    chatRef.current = chat;
    latest.current = options;
  });
  useForgetOnUnmount(key, chat.stop);

  const resume = useCallback(() => {
    const { messages, setData, experimental_resume } = chatRef.current;
    turn.current = beginTurn('resume', messages);
    setData(undefined);
    experimental_resume();
  }, []);

  /** Shows what the server has, and follows an answer that is being made. */
  const reconcile = useCallback(async () => {
    try {
      const detail = await api<ChatDetail>(`/api/chat/${chatId}`);
      if (turn.current) return;
      chatRef.current.setMessages(toUiMessages(detail.messages.filter(isOver)));
      if (detail.messages.every(isOver)) return;
      await delay(FOLLOW_AGAIN_MS, NEVER);
      if (!turn.current) resume();
    } catch (error) {
      if (!(error instanceof RequestError && error.status === 404)) setProblem(messageOf(error));
    }
  }, [chatId, resume]);

  /** A turn is over: useChat says that it is ready again. */
  const finish = useCallback(
    async (ended: Turn) => {
      ended.ended = true;
      await delay(SETTLE_MS, NEVER);
      const { ending, error, accepted, before } = ended;
      if (turn.current === ended) turn.current = null;
      setStopping(false);
      setReconnecting(false);
      if (accepted) refreshHistory();
      if (ending?.replacement) {
        const [replacement] = toUiMessages([ending.replacement]) as [UIMessage];
        const { messages, setMessages } = chatRef.current;
        setMessages(withMessage(messages, replacement));
      } else if (!accepted) {
        chatRef.current.setMessages(before);
        if (error) setProblem(messageOf(error));
        ended.settle('refused');
        // Without an error the person called it back, and it may have arrived all the same.
        const moved = error instanceof RequestError && error.status === 409;
        if (!error || moved) await reconcile();
      } else if (!ending?.told) {
        await reconcile();
      }
      ended.settle(accepted ? 'accepted' : 'refused');
    },
    [reconcile],
  );

  const busy = chat.status === 'submitted' || chat.status === 'streaming';
  const wasBusy = useRef(false);
  useEffect(() => {
    if (wasBusy.current && !busy && turn.current) finish(turn.current);
    wasBusy.current = busy;
  }, [busy, finish]);

  const started = useRef(false);
  const live = !initialMessages.every(isOver);
  useEffect(() => {
    // Once: StrictMode mounts twice.
    if (live && !started.current) resume();
    started.current = true;
  }, [live, resume]);

  const begin = useCallback(async (act: (modelRef: string) => unknown): Promise<Outcome> => {
    // The last turn may still be settling; an answer that is being made is in the way.
    if (turn.current?.ended) await delay(SETTLE_MS * 2, NEVER);
    if (turn.current) return 'refused';
    const begun = beginTurn('send', chatRef.current.messages);
    turn.current = begun;
    setProblem(null);
    const modelRef = latest.current.modelRef ?? (await defaultModel());
    if (!modelRef) {
      turn.current = null;
      setProblem(NO_MODEL);
      return 'refused';
    }
    chatRef.current.setData(undefined);
    act(modelRef);
    const outcome = await begun.outcome;
    if (outcome === 'accepted') {
      latest.current.onAccepted();
      refreshHistory();
    }
    return outcome;
  }, []);

  const send = useCallback(
    async (text: string) => {
      const known = unknownSend.current?.text === text ? unknownSend.current.id : undefined;
      const id = known ?? newId();
      let begun: Turn | null = null;
      const outcome = await begin((modelRef) => {
        begun = turn.current;
        const message = { id, role: 'user', content: text } as const;
        return chatRef.current.append(message, { body: { modelRef } });
      });
      const lost = ((begun as Turn | null)?.error as RequestError | undefined)?.status === 0;
      unknownSend.current = outcome === 'refused' && lost ? { id, text } : null;
      return outcome;
    },
    [begin],
  );

  const retry = useCallback(() => {
    const last = chatRef.current.messages.at(-1);
    const retryOf = last?.role === 'assistant' ? last.id : undefined;
    begin((modelRef) => chatRef.current.reload({ body: { modelRef, retryOf } }));
  }, [begin]);

  const stop = useCallback(async () => {
    const stopped = turn.current;
    if (!stopped || stopped.stopWanted) return;
    stopped.stopWanted = true;
    setStopping(true);
    const dropLate = () =>
      setTimeout(() => turn.current === stopped && chatRef.current.stop(), STOP_PATIENCE_MS);
    // Before its headers have come there is no run to stop yet, as far as the page knows.
    await Promise.race([stopped.outcome, delay(STOP_PATIENCE_MS, NEVER)]);
    if (turn.current !== stopped) return;
    try {
      await api<StopResult>(`/api/chat/${chatId}/stop`, { method: 'POST' });
      dropLate();
    } catch (error) {
      // Nothing runs as far as the server knows: the send is on its way still, and is called back.
      if (!stopped.accepted) {
        chatRef.current.stop();
        return;
      }
      stopped.stopWanted = false;
      setStopping(false);
      setProblem(messageOf(error));
    }
  }, [chatId]);

  const dismissProblem = useCallback(() => setProblem(null), []);
  const status = chat.status === 'submitted' ? 'waiting' : busy ? 'streaming' : 'ready';
  return {
    messages: chat.messages,
    status,
    stopping,
    reconnecting,
    problem,
    dismissProblem,
    data: chat.data,
    send,
    stop,
    retry,
  };
}

function messageOf(error: unknown): string {
  return error instanceof RequestError ? error.message : 'Something went wrong. Try again.';
}

async function defaultModel(): Promise<string | null> {
  const list = await api<ModelList>('/api/models').catch(() => null);
  return list?.defaultRef ?? list?.models[0]?.ref ?? null;
}
