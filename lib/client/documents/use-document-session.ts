'use client';

import { useEffect, useState } from 'react';
import { useStore } from '@/lib/client/browser/store';
import { DocumentSession } from '@/lib/client/documents/document-session';
import type { DocumentSessionState } from '@/lib/client/documents/document-session-state';
import type { OpenDocument } from '@/lib/client/documents/document-store';
import { useDocumentStore } from '@/lib/client/documents/document-store-context';
import { isFocusInDocument } from '@/lib/client/documents/panel-focus';
import { useLiveEvents } from '@/lib/client/live/use-live-events';

/**
 * Returns the session and state of the open document. The component needs the document's id as its
 * key.
 */
export function useDocumentSession(
  open: OpenDocument,
  /** The newest version number known from the chat's list of documents. */
  latestListedVersion: number,
): [DocumentSession, DocumentSessionState] {
  const store = useDocumentStore();
  const [session] = useState(() => new DocumentSession(open.id, store, isFocusInDocument));
  const state = useStore(session.stateStore);
  const { version, openRequests } = open;

  // biome-ignore lint/correctness/useExhaustiveDependencies: openRequests reloads the document on each request
  useEffect(() => {
    session.start(version);
  }, [session, version, openRequests]);
  useEffect(() => {
    const onHidden = () => {
      if (document.visibilityState === 'hidden') session.flush(true);
    };
    const onPageHide = () => session.flush(true);
    document.addEventListener('visibilitychange', onHidden);
    addEventListener('pagehide', onPageHide);
    return () => {
      document.removeEventListener('visibilitychange', onHidden);
      removeEventListener('pagehide', onPageHide);
      session.stop();
    };
  }, [session]);

  // The list is refetched after a connection gap, in which an event may have been lost.
  useEffect(() => session.onRemoteVersion(latestListedVersion), [session, latestListedVersion]);
  useLiveEvents((event) => {
    if (event.type === 'document-updated' && event.documentId === session.id) {
      session.onRemoteVersion(event.version);
    }
  });
  return [session, state];
}
