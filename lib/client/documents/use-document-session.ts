'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { DocumentSession } from '@/lib/client/documents/document-session';
import type { DocumentSessionState } from '@/lib/client/documents/document-session-state';
import type { OpenDocument } from '@/lib/client/documents/document-store';
import { useDocumentStore } from '@/lib/client/documents/document-store-context';
import { isFocusInDocument } from '@/lib/client/documents/panel-focus';
import { useLiveEvents } from '@/lib/client/live/use-live-events';

/** The document as the panel has it open. Use it with the document's id as the component's key. */
export function useDocumentSession(
  open: OpenDocument,
  /** The newest version that the chat's list of documents knows of. */
  latestListedVersion: number,
): [DocumentSession, DocumentSessionState] {
  const store = useDocumentStore();
  const [session] = useState(() => new DocumentSession(open.id, store, isFocusInDocument));
  const state = useSyncExternalStore(session.subscribe, session.getState, session.getState);
  const { version, openRequests } = open;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once more, it is loaded once more
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

  // The list is asked for anew after a gap; an event may have been lost in it.
  useEffect(() => session.onRemoteVersion(latestListedVersion), [session, latestListedVersion]);
  useLiveEvents((event) => {
    if (event.type === 'document-updated' && event.documentId === session.id) {
      session.onRemoteVersion(event.version);
    }
  });
  return [session, state];
}
