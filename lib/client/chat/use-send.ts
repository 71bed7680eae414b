'use client';

import { useCallback, useRef } from 'react';
import { pause } from '@/lib/client/chat/connection';
import { newId } from '@/lib/client/chat/new-id';
import type { SendAbout } from '@/lib/client/chat/send-body';
import type { Outcome, Turn } from '@/lib/client/chat/turn';
import { SETTLE_MS, startTurn, type Workings } from '@/lib/client/chat/workings';
import { refreshHistory } from '@/lib/client/history';
import { api, type RequestError } from '@/lib/client/http';
import type { ModelList } from '@/lib/protocol/api';

const NO_MODEL = 'No model is available yet. Start one, then try again.';

/** What useChat carries from here to the body of the request. */
export type TurnBody = { modelRef: string } & SendAbout;

/** The ways to ask for an answer: to a new text, to the last one anew, or for more of the last one. */
export function useSend(workings: Workings) {
  const { chat, options, turn, left, show } = workings;
  /** A send whose fate is unknown: the same text goes out under the same id again. */
  const unknownSend = useRef<{ id: string; text: string } | null>(null);

  const begin = useCallback(
    async (act: (modelRef: string) => unknown): Promise<Outcome> => {
      // The last turn may still be settling; an answer that is being made is in the way.
      if (turn.current?.ended) await pause(SETTLE_MS * 2);
      if (turn.current) return 'refused';
      const begun = startTurn(workings, 'send');
      show.problem(null);
      const modelRef = options.current.modelRef ?? (await defaultModel());
      if (!modelRef) {
        turn.current = null;
        begun.settle('refused');
        show.problem(NO_MODEL);
        return 'refused';
      }
      chat.current.setData(undefined);
      act(modelRef);
      const outcome = await begun.outcome;
      if (outcome === 'accepted') {
        if (!left.current) options.current.onAccepted();
        refreshHistory();
      }
      return outcome;
    },
    [workings, chat, options, turn, left, show],
  );

  const send = useCallback(
    async (text: string) => {
      const known = unknownSend.current?.text === text ? unknownSend.current.id : undefined;
      const id = known ?? newId();
      let begun: Turn | null = null;
      const outcome = await begin((modelRef) => {
        begun = turn.current;
        const message = { id, role: 'user', content: text } as const;
        const body: TurnBody = { modelRef };
        return chat.current.append(message, { body });
      });
      const lost = ((begun as Turn | null)?.error as RequestError | undefined)?.status === 0;
      unknownSend.current = outcome === 'refused' && lost ? { id, text } : null;
      return outcome;
    },
    [begin, chat, turn],
  );

  const retry = useCallback(() => {
    const last = chat.current.messages.at(-1);
    const retryOf = last?.role === 'assistant' ? last.id : undefined;
    begin((modelRef) => {
      if (turn.current) turn.current.isVersion = retryOf !== undefined;
      const body: TurnBody = { modelRef, retryOf, ...(retryOf && { answerId: newId() }) };
      return chat.current.reload({ body });
    });
  }, [begin, chat, turn]);

  const continueAnswer = useCallback(() => {
    const [question, answer] = chat.current.messages.slice(-2);
    if (!question || answer?.role !== 'assistant') return;
    begin((modelRef) => {
      // useChat takes the answer off the page before its stream has told it again.
      show.kept({ answer, questionId: question.id });
      const body: TurnBody = { modelRef, continueOf: answer.id };
      return chat.current.reload({ body });
    });
  }, [begin, chat, show]);

  return { send, retry, continueAnswer };
}

async function defaultModel(): Promise<string | null> {
  const list = await api<ModelList>('/api/models').catch(() => null);
  return list?.defaultRef ?? list?.models[0]?.ref ?? null;
}
