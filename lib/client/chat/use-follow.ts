'use client';

import type { UIMessage } from 'ai';
import { useCallback } from 'react';
import { pause } from '@/lib/client/chat/connection';
import { isOver, mergeMessages, toUiMessages, withMessage } from '@/lib/client/chat/message-view';
import type { Turn } from '@/lib/client/chat/turn';
import { messageOf, SETTLE_MS, startTurn, type Workings } from '@/lib/client/chat/workings';
import { refreshHistory } from '@/lib/client/history';
import { api, RequestError } from '@/lib/client/http';
import type { ChatDetail } from '@/lib/protocol/api';

/** Between two tries to follow an answer that the server says is being made. */
const FOLLOW_AGAIN_MS = 1_000;

/** @see useFollow */
export type Reconcile = (how?: {
  /** Before an answer is followed that is being made: where that has just failed, say. */
  waitMs?: number;
  /** Whether a failure is left unsaid: nobody waits for it, and it is tried again. */
  quiet?: boolean;
}) => Promise<void>;

/** Follows answers that are being made, and shows what the server has once they are over. */
export function useFollow(workings: Workings) {
  const { chatId, chat, turn, show } = workings;
  const resume = useCallback(() => {
    startTurn(workings, 'resume');
    chat.current.setData(undefined);
    chat.current.experimental_resume();
  }, [workings, chat]);

  /**
   * Shows what the server has, and follows an answer that is being made there. Does nothing where a
   * turn of this page is under way or begins meanwhile: that one ends with the truth by itself.
   */
  const reconcile: Reconcile = useCallback(
    async ({ waitMs = 0, quiet = false } = {}) => {
      if (turn.current) return;
      const before = workings.turns.current;
      try {
        const detail = await api<ChatDetail>(`/api/chat/${chatId}`);
        if (workings.turns.current !== before) return;
        workings.seenAt.current = detail.chat.updatedAt;
        const { messages, setMessages } = chat.current;
        const running = detail.messages.find((message) => !isOver(message));
        const goesOn = running && messages.find(({ id }) => id === running.id);
        if (goesOn) show.kept({ answer: goesOn, questionId: running.parentId ?? '' });
        const merged = mergeMessages(messages, toUiMessages(detail.messages.filter(isOver)));
        if (merged !== messages) setMessages(merged);
        if (!running) return;
        await pause(waitMs);
        if (workings.turns.current === before) resume();
      } catch (error) {
        const missing = error instanceof RequestError && error.status === 404;
        // A chat whose first message was refused never was there.
        if (missing && chat.current.messages.length > 0) show.gone(error.message);
        else if (!missing && !quiet) show.problem(messageOf(error));
      }
    },
    [workings, chatId, chat, turn, show, resume],
  );

  /** A turn is over: useChat says that it is ready again. */
  const finish = useCallback(
    async (ended: Turn) => {
      ended.ended = true;
      await pause(SETTLE_MS);
      const { ending, error, accepted, before } = ended;
      if (turn.current === ended) turn.current = null;
      workings.seenAt.current = null;
      show.stopping(false);
      show.reconnecting(false);
      if (accepted) refreshHistory();
      const elsewhere = ended.startedId !== undefined && ended.startedId !== ended.messageId;
      if (ending?.replacement) {
        const [replacement] = toUiMessages([ending.replacement]) as [UIMessage];
        const { messages, setMessages } = chat.current;
        setMessages(withMessage(messages, replacement));
      } else if (!accepted) {
        chat.current.setMessages(before);
        if (error) show.problem(messageOf(error));
        ended.settle('refused');
      }
      ended.settle(accepted ? 'accepted' : 'refused');
      // Refused without an error the person called it back, and it may have arrived all the same.
      const moved =
        !accepted && (!error || (error instanceof RequestError && error.status === 409));
      const untold = accepted && !ending?.replacement && !ending?.told;
      if (moved || elsewhere) await reconcile();
      else if (untold) await reconcile({ waitMs: FOLLOW_AGAIN_MS });
      if (!turn.current) show.kept(null);
    },
    [workings, chat, turn, show, reconcile],
  );

  return { resume, reconcile, finish };
}
