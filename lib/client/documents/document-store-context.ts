'use client';

import { createContext, use, useSyncExternalStore } from 'react';
import {
  createDocumentStore,
  type DocumentStore,
  type DocumentsSnapshot,
} from '@/lib/client/documents/document-store';

/** The document store of the surrounding chat. */
export const DocumentStoreContext = createContext<DocumentStore>(createDocumentStore());

export function useDocumentStore(): DocumentStore {
  return use(DocumentStoreContext);
}

/**
 * Returns what `select` reads from the store; re-renders when it changes. Select primitive values
 * or stable objects.
 */
export function useDocumentState<T>(select: (snapshot: DocumentsSnapshot) => T): T {
  const store = useDocumentStore();
  const get = () => select(store.getSnapshot());
  return useSyncExternalStore(store.subscribe, get, get);
}
