'use client';

import { useEffect } from 'react';
import { useDocumentState, useDocumentStore } from '@/lib/client/documents/document-store-context';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The document that the URL names, if it is the URL of this chat. */
function documentIdInUrl(chatId: string): string | null {
  const { pathname, search } = location;
  const id = pathname === `/chat/${chatId}` ? new URLSearchParams(search).get('doc') : null;
  return id !== null && UUID.test(id) ? id : null;
}

/**
 * Opens the document that the URL names: after a reload, from a link, and when the user returns to
 * its history entry.
 * @returns the query of the URL for the open document; '' if none is open
 */
export function useDocumentInUrl(chatId: string): string {
  const store = useDocumentStore();
  const openId = useDocumentState(({ open }) => (open?.isPanelOpen ? open.id : null));
  useEffect(() => {
    const openFromUrl = () => {
      const id = documentIdInUrl(chatId);
      if (id && !store.getState().open?.isPanelOpen) store.reopenDocument(id);
    };
    openFromUrl();
    addEventListener('popstate', openFromUrl);
    return () => removeEventListener('popstate', openFromUrl);
  }, [chatId, store]);
  return openId ? `?doc=${openId}` : '';
}
