/** What the stream says of one document, as its beginnings, its growth and its ends. */
import type { DocumentStore } from '@/lib/client/documents/document-store';
import type { StreamedDocument } from '@/lib/client/documents/document-stream';

type DocumentStreamListeners = {
  /** The model has begun to write it, once more perhaps. */
  onStart: (streamed: StreamedDocument) => void;
  onUpdate: (streamed: StreamedDocument) => void;
  /** Nothing more comes; also where its beginning was never told. */
  onEnd: (streamed: StreamedDocument) => void;
};

/**
 * Tells what the model writes of a document from now on: what it is at already has begun.
 * @returns ends it
 */
export function watchDocumentStream(
  store: DocumentStore,
  documentId: string,
  { onStart, onUpdate, onEnd }: DocumentStreamListeners,
): () => void {
  const current = () => {
    const { streamed } = store.getSnapshot();
    return streamed?.documentId === documentId ? streamed : null;
  };
  let last = current();
  return store.subscribe(() => {
    const streamed = current();
    if (!streamed || streamed === last) return;
    const isNew = streamed.id !== last?.id;
    last = streamed;
    if (streamed.status === 'idle') onEnd(streamed);
    else if (isNew) onStart(streamed);
    else onUpdate(streamed);
  });
}
