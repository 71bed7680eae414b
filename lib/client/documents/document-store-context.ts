'use client';

import { createContext, use } from 'react';
import { useStore } from '@/lib/client/browser/store';
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
  return useStore(useDocumentStore(), select);
}
