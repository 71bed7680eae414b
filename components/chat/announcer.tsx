'use client';

import type { UIMessage } from 'ai';
import { useEffect, useRef, useState } from 'react';
import type { Conversation } from '@/lib/client/chat/conversation';
import { runEnded } from '@/lib/client/chat/message-view';
import { spokenSummary } from '@/lib/client/chat/summary';

/** The last words of an answer may be drawn this long after its end. */
const LAST_WORDS_MS = 200;

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
      if (wasReady) setSaid('The answer is being written.');
      return;
    }
    if (wasReady) return;
    const timer = setTimeout(() => setSaid(endingOf(latest.current.at(-1))), LAST_WORDS_MS);
    return () => clearTimeout(timer);
  }, [status]);
  return (
    <p className="sr-only" role="status">
      {said}
    </p>
  );
}

function endingOf(message: UIMessage | undefined): string {
  if (message?.role !== 'assistant') return '';
  const ended = runEnded(message);
  if (ended?.status === 'stopped') return 'The answer was stopped.';
  // The message itself says it, as an alert.
  if (ended && ended.status !== 'complete') return '';
  return spokenSummary(message);
}
