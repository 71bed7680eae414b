'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { useArtifactStore } from '@/lib/client/artifact/context';
import { isFocusInDocument } from '@/lib/client/artifact/may-open';
import { DocumentSession } from '@/lib/client/artifact/session';
import type { SessionState } from '@/lib/client/artifact/session-state';
import type { OpenDocument } from '@/lib/client/artifact/store';
import { useLiveEvents } from '@/lib/client/live';

/** The document as the panel has it open. Use it with the document's id as the component's key. */
export function useSession(
  open: OpenDocument,
  /** The newest version that the chat's list of documents knows of. */
  listed: number,
): [DocumentSession, SessionState] {
  const store = useArtifactStore();
  const [session] = useState(() => new DocumentSession(open.id, store, isFocusInDocument));
  const state = useSyncExternalStore(session.subscribe, session.get, session.get);
  const { version, asked } = open;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once more, it is loaded once more
  useEffect(() => {
    session.start(version);
  }, [session, version, asked]);
  useEffect(() => {
    const leave = () => {
      if (document.visibilityState === 'hidden') session.flush(true);
    };
    const leaveForGood = () => session.flush(true);
    document.addEventListener('visibilitychange', leave);
    addEventListener('pagehide', leaveForGood);
    return () => {
      document.removeEventListener('visibilitychange', leave);
      removeEventListener('pagehide', leaveForGood);
      session.stop();
    };
  }, [session]);

  // The list is asked for anew after a gap; an event may have been lost in it.
  useEffect(() => session.hear(listed), [session, listed]);
  useLiveEvents((event) => {
    if (event.type === 'document-updated' && event.documentId === session.id) {
      session.hear(event.version);
    }
  });
  return [session, state];
}
