'use client';

import { createContext, use, useSyncExternalStore } from 'react';
import {
  type ArtifactSnapshot,
  type ArtifactStore,
  createArtifactStore,
} from '@/lib/client/artifact/store';

/** The documents of the chat around. */
export const ArtifactContext = createContext<ArtifactStore>(createArtifactStore());

export function useArtifactStore(): ArtifactStore {
  return use(ArtifactContext);
}

/** What `select` reads of the store, drawn again when that changes: give it plain values. */
export function useArtifact<T>(select: (snapshot: ArtifactSnapshot) => T): T {
  const store = useArtifactStore();
  const get = () => select(store.get());
  return useSyncExternalStore(store.subscribe, get, get);
}
