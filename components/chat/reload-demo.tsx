'use client';

import { RotateCw, Unplug } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

const WORDS_AT_RELOAD_KEY = 'throughline.reloaded';

type ReloadDemoProps = {
  chatId: string;
  /** What has arrived of the answer. */
  text: string;
  /** Whether it is being written. */
  running: boolean;
};

/**
 * Above the message box of a chat that tries to lose an answer: asks to reload the page while the
 * answer is written, and says afterwards what arrived meanwhile.
 */
export default function ReloadDemo({ chatId, text, running }: ReloadDemoProps) {
  /** Words that were there when the page was left; undefined until it is known, null where it was not. */
  const [wordsAtReload, setWordsAtReload] = useState<number | null>();
  const [wordsWhileAway, setWordsWhileAway] = useState<number>();
  const words = countWords(text);
  const latest = useRef({ words, live: running });
  useEffect(() => {
    latest.current = { words, live: running };
  });

  useEffect(() => {
    setWordsAtReload(readWordsAtReload(chatId));
    const onPageHide = () => {
      if (latest.current.live) storeWordsAtReload(chatId, latest.current.words);
    };
    addEventListener('pagehide', onPageHide);
    return () => removeEventListener('pagehide', onPageHide);
  }, [chatId]);

  // What was missed comes all at once: what comes later arrived before the user's eyes.
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
  const count = `${words.toLocaleString()} ${words === 1 ? 'word' : 'words'}`;
  return `Still here: ${count} arrived while you were away.`;
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Reads it once: a later visit to the chat is no reload. */
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
    // Where storage is forbidden the page only cannot say how much arrived.
  }
}
