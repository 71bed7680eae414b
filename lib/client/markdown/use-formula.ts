'use client';

/** Formulas as HTML, from a worker that starts with the first one. */
import { useEffect, useState } from 'react';

const MAX_CACHED = 1_000;

const cache = new Map<string, string>();

/** The formula as KaTeX's HTML; undefined until it is there, and where it cannot be set. */
export function useFormula(tex: string, display: boolean): string | undefined {
  const key = `${display}\n${tex}`;
  const [found, setFound] = useState<{ key: string; html: string }>();

  useEffect(() => {
    if (cache.has(key)) return;
    let wanted = true;
    import('@/lib/client/markdown/set-formula')
      .then(({ setFormula }) => setFormula({ tex, display }))
      .then(({ html }) => {
        if (html === null) return;
        if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
        cache.set(key, html);
        if (wanted) setFound({ key, html });
      })
      // Without a worker the formula stays as it is written.
      .catch(() => {});
    return () => {
      wanted = false;
    };
  }, [tex, display, key]);

  return found?.key === key ? found.html : cache.get(key);
}
