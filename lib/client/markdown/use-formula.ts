'use client';

/** Formulas as HTML, from a worker that starts with the first one. */
import { useEffect, useState } from 'react';

const MAX_CACHED = 1_000;

const cache = new Map<string, string>();

type Render = (tex: string, display: boolean) => string | null;
let renderNow: Render | null = null;

/** Has formulas rendered in the render that they appear in; by the worker again with null. */
export function renderAtOnce(render: Render | null): void {
  renderNow = render;
}

function keep(key: string, html: string): string {
  if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
  cache.set(key, html);
  return html;
}

/** The formula as KaTeX's HTML; undefined until it is there, and where it cannot be set. */
export function useFormula(tex: string, display: boolean): string | undefined {
  const key = `${display}\n${tex}`;
  const [rendered, setFound] = useState<{ key: string; html: string }>();

  useEffect(() => {
    if (cache.has(key)) return;
    let isMounted = true;
    import('@/lib/client/markdown/request-formula')
      .then(({ requestFormula: setFormula }) => setFormula({ tex, display }))
      .then(({ html }) => {
        if (html === null) return;
        keep(key, html);
        if (isMounted) setFound({ key, html });
      })
      // Without a worker the formula stays as it is written.
      .catch(() => {});
    return () => {
      isMounted = false;
    };
  }, [tex, display, key]);

  const known = rendered?.key === key ? rendered.html : cache.get(key);
  if (known !== undefined || !renderNow) return known;
  const html = renderNow(tex, display);
  return html === null ? undefined : keep(key, html);
}
