'use client';

import { useEffect, useRef } from 'react';
import { useDocumentStore } from '@/lib/client/documents/document-store-context';
import { refreshHistory, setTitleInHistory } from '@/lib/client/history/use-history';
import { LAST_RENDER_MS } from '@/lib/protocol/latency';
import { parseStreamEvent } from '@/lib/protocol/stream-events';

type StreamEventHandlerProps = {
  chatId: string;
  /** Grows while an answer streams; undefined when a new request starts. */
  streamEvents: unknown[] | undefined;
  /** Whether an answer is running. */
  running: boolean;
  /** Whether events arrive in real time. False after a reload, when earlier events are replayed. */
  isRealtime: () => boolean;
};

/** Handles each custom event of the stream once. Renders nothing. */
export function StreamEventHandler({
  chatId,
  streamEvents,
  running,
  isRealtime,
}: StreamEventHandlerProps) {
  const documentStore = useDocumentStore();
  const lastProcessedIndex = useRef(-1);

  useEffect(() => {
    if (!streamEvents || streamEvents.length <= lastProcessedIndex.current)
      lastProcessedIndex.current = -1;
    if (!streamEvents) return;
    const newValues = streamEvents.slice(lastProcessedIndex.current + 1);
    lastProcessedIndex.current = streamEvents.length - 1;
    const events = newValues.map(parseStreamEvent).filter((event) => event !== undefined);
    if (events.length > 0) documentStore.apply(events, isRealtime());
    const title = events.findLast((event) => event.type === 'title-updated');
    if (title) {
      setTitleInHistory(chatId, title.content);
      refreshHistory();
    }
  }, [streamEvents, chatId, documentStore, isRealtime]);

  useEffect(() => {
    if (running) return;
    // useChat delivers the last events after its status is ready.
    const timer = setTimeout(documentStore.endStream, LAST_RENDER_MS);
    return () => clearTimeout(timer);
  }, [running, documentStore]);

  return null;
}
