'use client';

import { useCallback } from 'react';
import useSWR from 'swr';
import { queueUrl } from '@/lib/client/chat/queue/queue-message';
import { api } from '@/lib/client/http/api';
import { toErrorMessage } from '@/lib/client/http/request-error';
import { useLiveEvents } from '@/lib/client/live/use-live-events';
import type { QueuedMessage } from '@/lib/protocol/api';
import type { LiveEvent } from '@/lib/protocol/live-events';

export type MessageQueue = {
  /** The queued messages of all branches of the chat. */
  queue: readonly QueuedMessage[];
  /** Displays the response of a request that changes the queue. False if it failed. */
  changeQueue: (request: () => Promise<QueuedMessage[]>) => Promise<boolean>;
};

const NO_MESSAGES: readonly QueuedMessage[] = [];
/** The events after which the queue, or the status of its answers, may be another one. */
const RELEVANT_EVENTS = new Set<LiveEvent['type']>([
  'ready',
  'queue-changed',
  'run-started',
  'run-ended',
]);

/** The queued messages of a chat; the same in all tabs. */
export function useMessageQueue(
  chatId: string,
  onError: (message: string | null) => void,
): MessageQueue {
  const { data = NO_MESSAGES, mutate } = useSWR<readonly QueuedMessage[]>(queueUrl(chatId), api, {
    shouldRetryOnError: false,
    revalidateOnFocus: false,
    revalidateOnReconnect: false,
  });
  useLiveEvents((event) => {
    if (!RELEVANT_EVENTS.has(event.type)) return;
    if (event.type === 'ready' || ('chatId' in event && event.chatId === chatId)) mutate();
  });
  const changeQueue = useCallback(
    async (request: () => Promise<QueuedMessage[]>) => {
      onError(null);
      try {
        await mutate(request(), { revalidate: false });
        return true;
      } catch (error) {
        onError(toErrorMessage(error));
        mutate();
        return false;
      }
    },
    [mutate, onError],
  );
  return { queue: data, changeQueue };
}
