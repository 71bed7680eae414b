'use client';

import type { UIMessage } from 'ai';
import { useCallback } from 'react';
import { pause } from '@/lib/client/chat/connection';
import { runEnded, toUiMessages, withMessage } from '@/lib/client/chat/message-view';
import { showDetail } from '@/lib/client/chat/show-detail';
import type { Turn } from '@/lib/client/chat/turn';
import { messageOf, SETTLE_MS, startTurn, type Workings } from '@/lib/client/chat/workings';
import { refreshHistory } from '@/lib/client/history';
import { api, RequestError } from '@/lib/client/http';
import type { ChatDetail } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';

/** Between two tries to follow an answer that the server says is being made. */
const FOLLOW_AGAIN_MS = 1_000;

/** @see useFollow. Resolves with what the server has; undefined where that could not be read. */
export type Reconcile = (how?: {
  /** Before an answer is followed that is being made: where that has just failed, say. */
  waitMs?: number;
  /** Whether a failure is left unsaid: nobody waits for it, and it is tried again. */
  quiet?: boolean;
}) => Promise<ChatDetail | undefined>;

/** Follows answers that are being made, and shows what the server has once they are over. */
export function useFollow(workings: Workings) {
  const { chatId, chat, turn, show } = workings;
  const resume = useCallback(
    ({ versions }: Pick<StoredMessage, 'versions'>) => {
      startTurn(workings, 'resume').isVersion = versions !== undefined;
      chat.current.setData(undefined);
      chat.current.experimental_resume();
    },
    [workings, chat],
  );

  /**
   * Shows what the server has, and follows an answer that is being made there. Does nothing where a
   * turn of this page is under way or begins meanwhile: that one ends with the truth by itself.
   */
  const reconcile: Reconcile = useCallback(
    async ({ waitMs = 0, quiet = false } = {}) => {
      if (turn.current) return undefined;
      const before = workings.turns.current;
      try {
        const detail = await api<ChatDetail>(`/api/chat/${chatId}`);
        if (workings.turns.current !== before) return undefined;
        const running = showDetail(workings, detail);
        if (running) await pause(waitMs);
        if (running && workings.turns.current === before) resume(running);
        return detail;
      } catch (error) {
        const missing = error instanceof RequestError && error.status === 404;
        // A chat whose first message was refused never was there.
        if (missing && chat.current.messages.length > 0) show.gone(error.message);
        else if (!missing && !quiet) show.problem(messageOf(error));
        return undefined;
      }
    },
    [workings, chatId, chat, turn, show, resume],
  );

  /** After the end of an answer that is one of several: one that failed gives way to another. */
  const showOpenVersion = useCallback(
    async ({ kind, messageId, ending }: Turn) => {
      const made = chat.current.messages.find(({ id }) => id === messageId);
      const reason = made && runEnded(made)?.error?.message;
      const detail = await reconcile({ waitMs: ending?.told ? 0 : FOLLOW_AGAIN_MS });
      const givesWay = detail && !detail.messages.some(({ id }) => id === messageId);
      if (kind === 'send' && reason && givesWay) {
        show.problem(`The new version failed, and the one before it is shown. ${reason}`);
      }
    },
    [chat, reconcile, show],
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
      show.unsaved(false);
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
      else if (accepted && ended.isVersion) await showOpenVersion(ended);
      else if (untold) await reconcile({ waitMs: FOLLOW_AGAIN_MS });
      if (!turn.current) show.kept(null);
    },
    [workings, chat, turn, show, reconcile, showOpenVersion],
  );

  return { resume, reconcile, finish };
}
