'use client';

import { createContext, use, useSyncExternalStore } from 'react';
import {
  createDocumentStore,
  type DocumentStore,
  type DocumentsSnapshot,
} from '@/lib/client/documents/document-store';

/** The documents of the chat around. */
export const DocumentStoreContext = createContext<DocumentStore>(createDocumentStore());

export function useDocumentStore(): DocumentStore {
  return use(DocumentStoreContext);
}

/** What `select` reads of the store, drawn again when that changes: give it plain values. */
export function useDocumentState<T>(select: (snapshot: DocumentsSnapshot) => T): T {
  const store = useDocumentStore();
  const get = () => select(store.getSnapshot());
  return useSyncExternalStore(store.subscribe, get, get);
}
