'use client';

import { use, useCallback, useEffect, useMemo } from 'react';
import useSWR from 'swr';
import { SessionReadyContext } from '@/lib/client/account/session-ready';
import { toast } from '@/lib/client/browser/toast';
import { type ListedDocument, withDistinctTitles } from '@/lib/client/documents/distinct-titles';
import { useDocumentState } from '@/lib/client/documents/document-store-context';
import { patchDocumentTitle } from '@/lib/client/documents/requests';
import { api } from '@/lib/client/http/api';
import type { RequestError } from '@/lib/client/http/request-error';
import { useLiveEvents } from '@/lib/client/live/use-live-events';
import type { DocumentSummary } from '@/lib/protocol/api';

const NO_DOCUMENTS: ListedDocument[] = [];

/** Returns a chat's documents, oldest first, and a function to rename one. */
export function useDocuments(chatId: string) {
  const isSessionReady = use(SessionReadyContext);
  const { data, mutate } = useSWR(
    isSessionReady ? `/api/chat/${chatId}/documents` : null,
    (path) => api<DocumentSummary[]>(path),
    { revalidateOnFocus: false },
  );
  const streamedKey = useDocumentState(
    ({ streamed }) => streamed && `${streamed.writingId} ${streamed.status}`,
  );
  useEffect(() => {
    if (streamedKey) mutate();
  }, [streamedKey, mutate]);
  useLiveEvents((event) => {
    if (event.type === 'ready') mutate();
    else if (event.type === 'document-updated' && event.chatId === chatId) mutate();
  });

  const rename = useCallback(
    (id: string, title: string) => {
      const withNewTitle = (list: DocumentSummary[] = []) =>
        list.map((document) => (document.id === id ? { ...document, title } : document));
      mutate(
        async (list) => {
          await patchDocumentTitle(id, title);
          return withNewTitle(list);
        },
        { optimisticData: withNewTitle, revalidate: false },
      ).catch((error: RequestError) => toast.error(error.message));
    },
    [mutate],
  );
  const documents = useMemo(() => (data ? withDistinctTitles(data) : NO_DOCUMENTS), [data]);
  return { documents, rename };
}
