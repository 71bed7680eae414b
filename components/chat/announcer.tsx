'use client';

import type { UIMessage } from 'ai';
import { useEffect, useRef, useState } from 'react';
import type { Conversation } from '@/lib/client/chat/conversation';
import { runEnded } from '@/lib/client/chat/message-view';

/** The last words of an answer may be drawn this long after its end. */
const LAST_WORDS_MS = 200;

/** Only a page that an answer ends on needs it: kept out of the first load. */
const loadSummary = () => import('@/lib/client/chat/summary');

/** Tells a screen reader that an answer is being made, and how it ended: two sentences, no flood. */
export function Announcer({
  messages,
  status,
}: {
  messages: UIMessage[];
  status: Conversation['status'];
}) {
  const [said, setSaid] = useState('');
  const before = useRef(status);
  const latest = useRef(messages);
  useEffect(() => {
    latest.current = messages;
  });
  useEffect(() => {
    const wasReady = before.current === 'ready';
    before.current = status;
    if (status !== 'ready') {
      if (!wasReady) return;
      setSaid('The answer is being written.');
      // Loaded by the time it ends; what fails now is tried again then.
      loadSummary().catch(() => {});
      return;
    }
    if (wasReady) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const words = await endingOf(latest.current.at(-1));
      if (isCurrent) setSaid(words);
    }, LAST_WORDS_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [status]);
  return (
    <p className="sr-only" role="status">
      {said}
    </p>
  );
}

async function endingOf(message: UIMessage | undefined): Promise<string> {
  if (message?.role !== 'assistant') return '';
  const ended = runEnded(message);
  if (ended?.status === 'stopped') return 'The answer was stopped.';
  // The message itself says it, as an alert.
  if (ended && ended.status !== 'complete') return '';
  return await loadSummary().then(
    ({ spokenSummary }) => spokenSummary(message),
    () => 'The answer is ready.',
  );
}
