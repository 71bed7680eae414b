'use client';

/** Colours for code, from a worker that starts with the first code block. */
import { startTransition, useEffect, useState } from 'react';
import { createAsker } from '@/lib/client/markdown/ask-worker';
import type {
  HighlightAnswer,
  HighlightRequest,
  Token,
} from '@/lib/client/markdown/highlight.worker';
import { languageOf } from '@/lib/client/markdown/languages';

/** Longer code stays plain: tens of thousands of coloured pieces would make the page slow. */
const MAX_CHARS = 40_000;
const MAX_CACHED = 100;

const cache = new Map<string, Token[][]>();
const ask = createAsker<HighlightRequest, HighlightAnswer>(
  () => new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module' }),
);

/**
 * The code as lines of coloured tokens; undefined until they are there, and where the language is
 * none that we know.
 * @param ready false while the code is still arriving: it is left plain until then
 */
export function useHighlight(name: string, code: string, ready: boolean): Token[][] | undefined {
  const language = ready && code.length <= MAX_CHARS ? languageOf(name) : undefined;
  const key = `${language}\n${code}`;
  const [found, setFound] = useState<{ key: string; lines: Token[][] }>();

  useEffect(() => {
    if (!language || cache.has(key)) return;
    let wanted = true;
    ask({ language, code })
      .then(({ lines }) => {
        if (!lines) return;
        if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
        cache.set(key, lines);
        if (wanted) startTransition(() => setFound({ key, lines }));
      })
      // Without a worker the code stays plain.
      .catch(() => {});
    return () => {
      wanted = false;
    };
  }, [language, code, key]);

  if (!language) return undefined;
  return found?.key === key ? found.lines : cache.get(key);
}
