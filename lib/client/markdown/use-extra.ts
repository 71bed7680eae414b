'use client';

/** Parts of the markdown renderer that are loaded when a text first needs them. */
import { startTransition, useEffect, useReducer } from 'react';
import type { Options } from 'react-markdown';

type PluginList = NonNullable<Options['remarkPlugins']>;
export type Plugins = { remark: PluginList; rehype: PluginList };

const LOADERS = {
  /** The renderer that takes plugins. */
  full: () => import('@/components/markdown/full-markdown').then((part) => part.FullMarkdown),
  /** Closes half-written markdown. */
  remend: () => import('remend').then((part) => part.default),
  mathSyntax: () =>
    import('@/lib/client/markdown/extras/math-syntax').then((part) => part.mathSyntax),
  math: () => import('@/lib/client/markdown/extras/math').then((part) => part.plugins),
  html: () => import('@/lib/client/markdown/extras/html').then((part) => part.plugins),
};

type Name = keyof typeof LOADERS;
type Extra<N extends Name> = Awaited<ReturnType<(typeof LOADERS)[N]>>;

const loaded = new Map<Name, unknown>();
const loading = new Map<Name, Promise<void>>();

function load(name: Name): Promise<void> {
  const already = loading.get(name);
  if (already) return already;
  const promise = LOADERS[name]()
    .then((extra) => {
      loaded.set(name, extra);
    })
    .finally(() => loading.delete(name));
  loading.set(name, promise);
  return promise;
}

/** Loads an extra before the text that needs it is there. */
export function preloadExtra(name: Name): void {
  // Whoever needs it asks again.
  if (!loaded.has(name)) load(name).catch(() => {});
}

/** The extra, once it is there and where it is wanted. */
export function useExtra<N extends Name>(name: N, wanted: boolean): Extra<N> | undefined {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!wanted || loaded.has(name)) return;
    load(name)
      // Not urgent: many blocks may have waited for it, and they need not hold up the page at once.
      .then(() => startTransition(redraw))
      // The text is shown without it; the next one that needs it asks again.
      .catch(() => {});
  }, [name, wanted]);
  return wanted ? (loaded.get(name) as Extra<N> | undefined) : undefined;
}
