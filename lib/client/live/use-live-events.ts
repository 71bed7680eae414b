'use client';

/** What happens in the person's chats elsewhere: one connection for all who want to know on a page. */
import { use, useEffect, useRef } from 'react';
import { SessionReadyContext } from '@/lib/client/account/session-ready';
import { LiveConnection, type LiveListener } from '@/lib/client/live/live-connection';

const connection = new LiveConnection();

/** Calls the listener with every event, as long as the component is there; see LiveLink.subscribe. */
export function useLiveEvents(listener: LiveListener): void {
  const isSessionReady = use(SessionReadyContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(
    () => (isSessionReady ? connection.subscribe((event) => latest.current(event)) : undefined),
    [isSessionReady],
  );
}

/** Whether news comes by itself at the moment. */
export function isLiveConnected(): boolean {
  return connection.isReady;
}
