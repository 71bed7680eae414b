'use client';

import { useEffect, useState } from 'react';
import { sleep } from '@/lib/client/browser/wait';
import { useHistory } from '@/lib/client/history/use-history';
import { api } from '@/lib/client/http/api';
import type { ChatSearchResult, ChatSummary } from '@/lib/protocol/api';

const TYPING_PAUSE_MS = 120;

const NO_CHATS: readonly ChatSummary[] = [];

/**
 * Returns the chats that may match the query: those of the loaded history, and what the server
 * finds among the others. The caller ranks them.
 */
export function useChatCandidates(query: string): readonly ChatSummary[] {
  const { chats, hasMore } = useHistory();
  const [found, setFound] = useState<readonly ChatSummary[]>(NO_CHATS);
  const searched = hasMore ? query.trim().slice(0, 200) : '';
  useEffect(() => {
    if (searched === '') return;
    const controller = new AbortController();
    const { signal } = controller;
    async function search() {
      await sleep(TYPING_PAUSE_MS);
      if (signal.aborted) return;
      const path = `/api/history/search?query=${encodeURIComponent(searched)}`;
      const result = await api<ChatSearchResult>(path, { signal });
      if (!signal.aborted) setFound(result.chats);
    }
    // Without the server the loaded chats are still found.
    search().catch(() => {});
    return () => controller.abort();
  }, [searched]);
  if (searched === '' || found.length === 0) return chats;
  const loaded = new Set(chats.map(({ id }) => id));
  return [...chats, ...found.filter(({ id }) => !loaded.has(id))];
}
