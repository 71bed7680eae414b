'use client';

import { RotateCw, Unplug } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '@/lib/shared/format-count';

const WORDS_AT_RELOAD_KEY = 'throughline.reloaded';

type ReloadDemoProps = {
  chatId: string;
  /** The answer's text so far. */
  text: string;
  /** Whether the answer is running. */
  running: boolean;
};

/**
 * Banner above the message box in the chat of "Try to lose an answer": invites the user to reload
 * the page during the answer, and then displays how many words arrived meanwhile.
 */
export default function ReloadDemo({ chatId, text, running }: ReloadDemoProps) {
  /** Word count when the page was reloaded; undefined until read, null if it was not reloaded. */
  const [wordsAtReload, setWordsAtReload] = useState<number | null>();
  const [wordsWhileAway, setWordsWhileAway] = useState<number>();
  const words = countWords(text);
  const latest = useRef({ words, running });
  useEffect(() => {
    latest.current = { words, running };
  });

  useEffect(() => {
    setWordsAtReload(readWordsAtReload(chatId));
    const onPageHide = () => {
      if (latest.current.running) storeWordsAtReload(chatId, latest.current.words);
    };
    addEventListener('pagehide', onPageHide);
    return () => removeEventListener('pagehide', onPageHide);
  }, [chatId]);

  // Missed text arrives in one update; later text arrives while the page is visible.
  if (
    typeof wordsAtReload === 'number' &&
    wordsWhileAway === undefined &&
    (words > wordsAtReload || !running)
  ) {
    setWordsWhileAway(Math.max(0, words - wordsAtReload));
  }
  if (wordsAtReload === undefined || (wordsAtReload === null && (!running || words === 0)))
    return null;
  const [Icon, sentence] =
    wordsAtReload === null
      ? [RotateCw, 'Now reload this page.']
      : [Unplug, wordsWhileAway === undefined ? 'Still here.' : resultText(wordsWhileAway)];
  return (
    <p
      role="status"
      className="mb-2 flex items-center gap-2 rounded-lg border bg-muted px-3.5 py-2 text-sm"
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 text-primary" /> {sentence}
    </p>
  );
}

function resultText(words: number): string {
  return `Still here: ${formatCount(words, 'word')} arrived while you were away.`;
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Reads and removes the count, so that a later visit to the chat does not count as a reload. */
function readWordsAtReload(chatId: string): number | null {
  try {
    const [id, words] = JSON.parse(sessionStorage.getItem(WORDS_AT_RELOAD_KEY) ?? '[]');
    sessionStorage.removeItem(WORDS_AT_RELOAD_KEY);
    return id === chatId && typeof words === 'number' ? words : null;
  } catch {
    return null;
  }
}

function storeWordsAtReload(chatId: string, words: number): void {
  try {
    sessionStorage.setItem(WORDS_AT_RELOAD_KEY, JSON.stringify([chatId, words]));
  } catch {
    // Storage is blocked: only the word count is missing.
  }
}
