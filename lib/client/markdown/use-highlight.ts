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

/** The language whose colours we have for code of this name and length. */
function knownLanguage(name: string, code: string) {
  return code.length <= MAX_CHARS ? languageOf(name) : undefined;
}

const keyOf = (language: string | undefined, code: string) => `${language}\n${code}`;

/** The code as lines of coloured tokens; undefined where the language is none that we know. */
export async function highlight(name: string, code: string): Promise<Token[][] | undefined> {
  const language = knownLanguage(name, code);
  if (!language) return undefined;
  const key = keyOf(language, code);
  const known = cache.get(key);
  if (known) return known;
  const { lines } = await ask({ language, code });
  if (!lines) return undefined;
  if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
  cache.set(key, lines);
  return lines;
}

/**
 * The code as lines of coloured tokens; undefined until they are there, and where the language is
 * none that we know.
 * @param ready false while the code is still arriving: it is left plain until then
 */
export function useHighlight(name: string, code: string, ready: boolean): Token[][] | undefined {
  const language = ready ? knownLanguage(name, code) : undefined;
  const key = keyOf(language, code);
  const [found, setFound] = useState<{ key: string; lines: Token[][] }>();

  useEffect(() => {
    if (!language || cache.has(key)) return;
    let wanted = true;
    highlight(name, code)
      .then((lines) => {
        if (lines && wanted) startTransition(() => setFound({ key, lines }));
      })
      // Without a worker the code stays plain.
      .catch(() => {});
    return () => {
      wanted = false;
    };
  }, [name, language, code, key]);

  if (!language) return undefined;
  return found?.key === key ? found.lines : cache.get(key);
}
