'use client';

import type { UIMessage } from 'ai';
import { useEffect, useRef, useState } from 'react';
import type { UseConversationResult } from '@/lib/client/chat/conversation';
import { findRunEnded } from '@/lib/client/chat/message-view';
import { END_ANNOUNCEMENT_DELAY_MS } from '@/lib/protocol/latency';

/** Lazy-loaded: only a page on which an answer ends needs it. */
const loadAnnouncement = () => import('@/lib/client/chat/answer-announcement');

/** Announces to screen readers that an answer is running and how it ended: only two messages. */
export function AnswerAnnouncer({
  messages,
  status,
}: {
  messages: UIMessage[];
  status: UseConversationResult['status'];
}) {
  const [announcement, setAnnouncement] = useState('');
  const previousStatus = useRef(status);
  const latestMessages = useRef(messages);
  useEffect(() => {
    latestMessages.current = messages;
  });
  useEffect(() => {
    const wasReady = previousStatus.current === 'ready';
    previousStatus.current = status;
    if (status !== 'ready') {
      if (!wasReady) return;
      setAnnouncement('The answer is being generated.');
      // Preload for the end of the answer; a failed load is retried then.
      loadAnnouncement().catch(() => {});
      return;
    }
    if (wasReady) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const text = await endAnnouncement(latestMessages.current.at(-1));
      if (isCurrent) setAnnouncement(text);
    }, END_ANNOUNCEMENT_DELAY_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [status]);
  return (
    <p className="sr-only" role="status">
      {announcement}
    </p>
  );
}

async function endAnnouncement(message: UIMessage | undefined): Promise<string> {
  if (message?.role !== 'assistant') return '';
  const annotation = findRunEnded(message);
  if (annotation?.status === 'stopped') return 'The answer was stopped.';
  // The message's footer announces it as an alert.
  if (annotation && annotation.status !== 'complete') return '';
  return await loadAnnouncement().then(
    ({ answerAnnouncement }) => answerAnnouncement(message),
    () => 'The answer is ready.',
  );
}
