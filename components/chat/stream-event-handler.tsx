'use client';

import { useEffect, useRef } from 'react';
import { LAST_UPDATE_MS } from '@/lib/client/chat/conversation-internals';
import { useDocumentStore } from '@/lib/client/documents/document-store-context';
import { refreshHistory, setTitleInHistory } from '@/lib/client/history/use-history';
import { parseStreamEvent } from '@/lib/protocol/stream-events';

type StreamEventHandlerProps = {
  chatId: string;
  /** Grows while an answer streams; undefined when a new turn begins. */
  streamEvents: unknown[] | undefined;
  /** An answer is being made. */
  running: boolean;
  /** Whether what comes now happens now: not so after a reload, where it may be told once more. */
  isRealtime: () => boolean;
};

/** Acts on the custom events of the stream, each of them once. Shows nothing. */
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
    // useChat tells of the last events after it has told of the end.
    const timer = setTimeout(documentStore.endStream, LAST_UPDATE_MS);
    return () => clearTimeout(timer);
  }, [running, documentStore]);

  return null;
}
