'use client';

/** Parts of the markdown renderer that are loaded when a text first needs them. */
import { useEffect, useSyncExternalStore } from 'react';
import type { Options } from 'react-markdown';

type Plugins = NonNullable<Options['remarkPlugins']>;
/** Plugins of one extra; those of 'html' come before those of 'math'. */
export type Extra = { remark: Plugins; rehype: Plugins };
type Name = 'math' | 'html';

const LOADERS: Record<Name, () => Promise<{ extra: Extra }>> = {
  math: () => import('@/lib/client/markdown/extras/math'),
  html: () => import('@/lib/client/markdown/extras/html'),
};

const loaded = new Map<Name, Extra>();
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
    .then(({ extra }) => {
      loaded.set(name, extra);
      for (const listener of listeners) listener();
    })
    // The text is shown without it; the next one that needs it asks again.
    .catch(() => {})
    .finally(() => loading.delete(name));
}

/** The extra, once it is there and where it is wanted. */
export function useExtra(name: Name, wanted: boolean): Extra | undefined {
  const extra = useSyncExternalStore(
    subscribe,
    () => (wanted ? loaded.get(name) : undefined),
    () => undefined,
  );
  useEffect(() => {
    if (wanted) load(name);
  }, [name, wanted]);
  return extra;
}
