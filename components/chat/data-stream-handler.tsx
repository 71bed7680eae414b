'use client';

import { useEffect, useRef } from 'react';
import { useArtifactStore } from '@/lib/client/artifact/context';
import { SETTLE_MS } from '@/lib/client/chat/workings';
import { refreshHistory, showTitle } from '@/lib/client/history';
import { parseStreamEvent } from '@/lib/protocol/events';

type DataStreamHandlerProps = {
  chatId: string;
  /** Grows while an answer streams; undefined when a new turn begins. */
  data: unknown[] | undefined;
  /** An answer is being made. */
  live: boolean;
  /** Whether what comes now happens now: not so after a reload, where it may be told once more. */
  isNews: () => boolean;
};

/** Acts on the custom events of the stream, each of them once. Shows nothing. */
export function DataStreamHandler({ chatId, data, live, isNews }: DataStreamHandlerProps) {
  const artifact = useArtifactStore();
  const lastProcessedIndex = useRef(-1);

  useEffect(() => {
    if (!data || data.length <= lastProcessedIndex.current) lastProcessedIndex.current = -1;
    if (!data) return;
    const fresh = data.slice(lastProcessedIndex.current + 1);
    lastProcessedIndex.current = data.length - 1;
    const events = fresh.map(parseStreamEvent).filter((event) => event !== undefined);
    if (events.length > 0) artifact.apply(events, isNews());
    const title = events.findLast((event) => event.type === 'title-updated');
    if (title) {
      showTitle(chatId, title.content);
      refreshHistory();
    }
  }, [data, chatId, artifact, isNews]);

  useEffect(() => {
    if (live) return;
    // useChat tells of the last events after it has told of the end.
    const timer = setTimeout(artifact.settle, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [live, artifact]);

  return null;
}
