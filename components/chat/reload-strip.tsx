'use client';

import { RotateCw, Unplug } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

const KEY = 'throughline.reloaded';

type ReloadStripProps = {
  chatId: string;
  /** What has arrived of the answer. */
  text: string;
  /** Whether it is being written. */
  live: boolean;
};

/**
 * Above the message box of a chat that tries to lose an answer: asks to reload the page while the
 * answer is written, and says afterwards what arrived meanwhile.
 */
export default function ReloadStrip({ chatId, text, live }: ReloadStripProps) {
  /** Words that were there when the page was left; undefined until it is known, null where it was not. */
  const [left, setLeft] = useState<number | null>();
  const [arrived, setArrived] = useState<number>();
  const words = countWords(text);
  const latest = useRef({ words, live });
  useEffect(() => {
    latest.current = { words, live };
  });

  useEffect(() => {
    setLeft(readLeft(chatId));
    const onLeave = () => {
      if (latest.current.live) writeLeft(chatId, latest.current.words);
    };
    addEventListener('pagehide', onLeave);
    return () => removeEventListener('pagehide', onLeave);
  }, [chatId]);

  // What was missed comes all at once: what comes later arrived before the user's eyes.
  if (typeof left === 'number' && arrived === undefined && (words > left || !live)) {
    setArrived(Math.max(0, words - left));
  }
  if (left === undefined || (left === null && (!live || words === 0))) return null;
  const [Icon, sentence] =
    left === null
      ? [RotateCw, 'Now reload this page.']
      : [Unplug, arrived === undefined ? 'Still here.' : sentenceOf(arrived)];
  return (
    <p
      role="status"
      className="mb-2 flex items-center gap-2 rounded-lg border bg-muted px-3.5 py-2 text-sm"
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 text-primary" /> {sentence}
    </p>
  );
}

function sentenceOf(words: number): string {
  const count = `${words.toLocaleString()} ${words === 1 ? 'word' : 'words'}`;
  return `Still here: ${count} arrived while you were away.`;
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Reads it once: a later visit to the chat is no reload. */
function readLeft(chatId: string): number | null {
  try {
    const [id, words] = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    sessionStorage.removeItem(KEY);
    return id === chatId && typeof words === 'number' ? words : null;
  } catch {
    return null;
  }
}

function writeLeft(chatId: string, words: number): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([chatId, words]));
  } catch {
    // Where storage is forbidden the page only cannot say how much arrived.
  }
}
