/** Watches the stream events of one document: start, updates and end of each write. */
import type { DocumentStore } from '@/lib/client/documents/document-store';
import type { StreamedDocument } from '@/lib/protocol/document-stream';

type DocumentStreamListeners = {
  /** The model started a write of the document; may happen several times. */
  onStart: (streamed: StreamedDocument) => void;
  onUpdate: (streamed: StreamedDocument) => void;
  /** The write ended. Also called if its start was not reported. */
  onEnd: (streamed: StreamedDocument) => void;
};

/**
 * Reports document writes from now on; a write that is already in progress counts as started.
 * @returns an unsubscribe function
 */
export function watchDocumentStream(
  store: DocumentStore,
  documentId: string,
  { onStart, onUpdate, onEnd }: DocumentStreamListeners,
): () => void {
  const current = () => {
    const { streamed } = store.getState();
    return streamed?.id === documentId ? streamed : null;
  };
  let last = current();
  return store.subscribe(() => {
    const streamed = current();
    if (!streamed || streamed === last) return;
    // An interrupted write that is streamed again has ended before.
    const isNew = streamed.writingId !== last?.writingId || last.status !== 'streaming';
    last = streamed;
    if (streamed.status !== 'streaming') onEnd(streamed);
    else if (isNew) onStart(streamed);
    else onUpdate(streamed);
  });
}
