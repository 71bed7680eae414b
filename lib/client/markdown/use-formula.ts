'use client';

/** Formulas as HTML, rendered by a worker that starts with the first one. */
import { useEffect, useState } from 'react';
import { BoundedMap } from '@/lib/client/browser/bounded-map';

const MAX_CACHED = 1_000;

const cache = new BoundedMap<string, string>(MAX_CACHED);

type Render = (tex: string, display: boolean) => string | null;
let renderSynchronously: Render | null = null;

/** Makes formulas render synchronously with their component; null: in the worker again. */
export function setSynchronousRender(render: Render | null): void {
  renderSynchronously = render;
}

/** Returns the formula as KaTeX's HTML; undefined until rendered, and if it cannot be rendered. */
export function useFormula(tex: string, display: boolean): string | undefined {
  const key = `${display}\n${tex}`;
  const [rendered, setRendered] = useState<{ key: string; html: string }>();

  useEffect(() => {
    if (cache.get(key) !== undefined) return;
    let isCurrent = true;
    import('@/lib/client/markdown/request-formula')
      .then(({ requestFormula }) => requestFormula({ tex, display }))
      .then(({ html }) => {
        if (html === null) return;
        cache.set(key, html);
        if (isCurrent) setRendered({ key, html });
      })
      // Without a worker the formula is displayed as source.
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [tex, display, key]);

  const known = rendered?.key === key ? rendered.html : cache.get(key);
  if (known !== undefined || !renderSynchronously) return known;
  const html = renderSynchronously(tex, display);
  if (html === null) return undefined;
  cache.set(key, html);
  return html;
}
