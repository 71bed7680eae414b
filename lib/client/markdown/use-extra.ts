'use client';

/** Parts of the markdown renderer that are loaded when a text first needs them. */
import { useEffect, useSyncExternalStore } from 'react';
import type { Options } from 'react-markdown';

type PluginList = NonNullable<Options['remarkPlugins']>;
export type Plugins = { remark: PluginList; rehype: PluginList };

const LOADERS = {
  /** The renderer that takes plugins. */
  full: () => import('@/components/markdown/full-markdown').then((part) => part.FullMarkdown),
  /** Closes half-written markdown. */
  remend: () => import('remend').then((part) => part.default),
  math: () => import('@/lib/client/markdown/extras/math').then((part) => part.plugins),
  html: () => import('@/lib/client/markdown/extras/html').then((part) => part.plugins),
};

type Name = keyof typeof LOADERS;
type Extra<N extends Name> = Awaited<ReturnType<(typeof LOADERS)[N]>>;

const loaded = new Map<Name, unknown>();
const loading = new Set<Name>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function load(name: Name): void {
  if (loaded.has(name) || loading.has(name)) return;
  loading.add(name);
  LOADERS[name]()
    .then((extra) => {
      loaded.set(name, extra);
      for (const listener of listeners) listener();
    })
    // The text is shown without it; the next one that needs it asks again.
    .catch(() => {})
    .finally(() => loading.delete(name));
}

/** The extra, once it is there and where it is wanted. */
export function useExtra<N extends Name>(name: N, wanted: boolean): Extra<N> | undefined {
  const extra = useSyncExternalStore(
    subscribe,
    () => (wanted ? loaded.get(name) : undefined),
    () => undefined,
  );
  useEffect(() => {
    if (wanted) load(name);
  }, [name, wanted]);
  return extra as Extra<N> | undefined;
}
