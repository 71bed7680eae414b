'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import useSWR from 'swr';
import { useDebouncedCallback } from 'use-debounce';
import { toast } from '@/lib/client/browser/toast';
import { useDocumentState } from '@/lib/client/documents/document-store-context';
import { fetchSuggestions, patchSuggestionStatus } from '@/lib/client/documents/requests';
import type { RequestError } from '@/lib/client/http/request-error';
import { useLiveEvents } from '@/lib/client/live/use-live-events';
import { SUGGESTIONS_DEBOUNCE_MS, SUGGESTIONS_INTERVAL_MS } from '@/lib/protocol/latency';
import type { Suggestion } from '@/lib/protocol/stream-events';

const NO_SUGGESTIONS: Suggestion[] = [];

/**
 * Returns a document's open suggestions, and a function to apply or dismiss one.
 * @param isEnabled false while nothing can display them: a new document may not be stored yet
 */
export function useSuggestions(id: string, isEnabled: boolean) {
  const { data, mutate } = useSWR(
    isEnabled ? ['document-suggestions', id] : null,
    () => fetchSuggestions(id),
    { revalidateOnFocus: false },
  );
  const [resolvedIds, setResolvedIds] = useState<ReadonlySet<string>>(new Set());
  const refetch = useDebouncedCallback(() => mutate(), SUGGESTIONS_DEBOUNCE_MS, {
    maxWait: SUGGESTIONS_INTERVAL_MS,
  });
  const suggestionCount = useDocumentState((snapshot) => snapshot.suggestionCount);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new suggestion triggers a refetch
  useEffect(() => {
    refetch();
  }, [suggestionCount, refetch]);
  useLiveEvents((event) => {
    if (event.type === 'document-updated' && event.documentId === id) refetch();
  });

  const resolve = useCallback((suggestionId: string, status: 'applied' | 'dismissed') => {
    setResolvedIds((before) => new Set(before).add(suggestionId));
    patchSuggestionStatus(suggestionId, status).catch((error: RequestError) => {
      toast.error(error.message);
      // An applied suggestion is in the text already, whatever its status on the server.
      if (status === 'applied') return;
      setResolvedIds((before) => new Set([...before].filter((one) => one !== suggestionId)));
    });
  }, []);
  const suggestions = useMemo(
    () => (data ?? NO_SUGGESTIONS).filter((suggestion) => !resolvedIds.has(suggestion.id)),
    [data, resolvedIds],
  );
  return { suggestions, resolve };
}
