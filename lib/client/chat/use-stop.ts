'use client';

import { useCallback } from 'react';
import { pause } from '@/lib/client/chat/connection';
import { messageOf, type Workings } from '@/lib/client/chat/workings';
import { api } from '@/lib/client/http';
import type { StopResult } from '@/lib/protocol/api';

/** How long a stop may take to show in the stream before the connection is dropped. */
const PATIENCE_MS = 2_000;

/** Stops the answer at the server; its stream then ends by itself. */
export function useStop({ chatId, chat, turn, show }: Workings): () => Promise<void> {
  return useCallback(async () => {
    const stopped = turn.current;
    if (!stopped || stopped.stopWanted) return;
    stopped.stopWanted = true;
    show.stopping(true);
    const dropLate = () =>
      setTimeout(() => turn.current === stopped && chat.current.stop(), PATIENCE_MS);
    // Before its headers have come there is no run to stop yet, as far as the page knows.
    await Promise.race([stopped.outcome, pause(PATIENCE_MS)]);
    if (turn.current !== stopped) return;
    try {
      await api<StopResult>(`/api/chat/${chatId}/stop`, { method: 'POST' });
      dropLate();
    } catch (error) {
      // Nothing runs as far as the server knows: the send is on its way still, and is called back.
      if (!stopped.accepted) {
        chat.current.stop();
        return;
      }
      stopped.stopWanted = false;
      show.stopping(false);
      show.problem(messageOf(error));
    }
  }, [chatId, chat, turn, show]);
}
