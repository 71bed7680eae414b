'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import useSWR from 'swr';
import { useDebouncedCallback } from 'use-debounce';
import { useArtifact } from '@/lib/client/artifact/context';
import { fetchSuggestions, resolveSuggestion } from '@/lib/client/artifact/requests';
import type { RequestError } from '@/lib/client/http';
import { useLiveEvents } from '@/lib/client/live';
import { toast } from '@/lib/client/toast';
import type { Suggestion } from '@/lib/protocol/events';

const NO_SUGGESTIONS: Suggestion[] = [];
/** Suggestions come one after the other; they are asked for together. */
const ASK_MS = 150;
const ASK_AT_LEAST_MS = 600;

/**
 * The open suggestions to a document, and how to take or dismiss one.
 * @param wanted false while there is nothing to show them in: a new document may not be there yet
 */
export function useSuggestions(id: string, wanted: boolean) {
  const { data, mutate } = useSWR(
    wanted ? ['document-suggestions', id] : null,
    () => fetchSuggestions(id),
    { revalidateOnFocus: false },
  );
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const ask = useDebouncedCallback(() => mutate(), ASK_MS, { maxWait: ASK_AT_LEAST_MS });
  const suggested = useArtifact((snapshot) => snapshot.suggested);
  // biome-ignore lint/correctness/useExhaustiveDependencies: there are new ones to ask for
  useEffect(() => {
    ask();
  }, [suggested, ask]);
  useLiveEvents((event) => {
    if (event.type === 'document-updated' && event.documentId === id) ask();
  });

  const resolve = useCallback((suggestionId: string, outcome: 'applied' | 'dismissed') => {
    setDone((before) => new Set(before).add(suggestionId));
    resolveSuggestion(suggestionId, outcome).catch((error: RequestError) => {
      toast.error(error.message);
      // One that was applied is in the text, whatever the server knows of it.
      if (outcome === 'applied') return;
      setDone((before) => new Set([...before].filter((one) => one !== suggestionId)));
    });
  }, []);
  const suggestions = useMemo(
    () => (data ?? NO_SUGGESTIONS).filter((suggestion) => !done.has(suggestion.id)),
    [data, done],
  );
  return { suggestions, resolve };
}
