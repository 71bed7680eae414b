'use client';

/** What happens in the person's chats elsewhere: one connection for all who want to know on a page. */
import { use, useEffect, useRef } from 'react';
import { LiveLink, type LiveListener } from '@/lib/client/live-link';
import { SessionReady } from '@/lib/client/session-ready';

const link = new LiveLink();

/** Calls the listener with every event, as long as the component is there; see LiveLink.subscribe. */
export function useLiveEvents(listener: LiveListener): void {
  const ready = use(SessionReady);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => (ready ? link.subscribe((event) => latest.current(event)) : undefined), [ready]);
}

/** Whether news comes by itself at the moment. */
export function isLive(): boolean {
  return link.ready;
}
