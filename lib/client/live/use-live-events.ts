'use client';

/** Real-time events of the user's chats. All components of a page share one connection. */
import { use, useEffect, useRef } from 'react';
import { SessionReadyContext } from '@/lib/client/account/session-ready';
import { LiveConnection, type LiveListener } from '@/lib/client/live/live-connection';

const connection = new LiveConnection();

/** Calls the listener with every event while mounted; see `LiveConnection.subscribe`. */
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

/** Whether the real-time connection is up. */
export function isLiveConnected(): boolean {
  return connection.isReady;
}
