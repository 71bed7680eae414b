/** What the stream says of one document, as its beginnings, its growth and its ends. */
import type { ArtifactStore } from '@/lib/client/artifact/store';
import type { Writing } from '@/lib/client/artifact/writing';

type WritingEvents = {
  /** The model has begun to write it, once more perhaps. */
  onBegin: (writing: Writing) => void;
  onGrow: (writing: Writing) => void;
  /** Nothing more comes; also where its beginning was never told. */
  onEnd: (writing: Writing) => void;
};

/**
 * Tells what the model writes of a document from now on: what it is at already has begun.
 * @returns ends it
 */
export function watchWriting(
  store: ArtifactStore,
  documentId: string,
  { onBegin, onGrow, onEnd }: WritingEvents,
): () => void {
  const current = () => {
    const { writing } = store.get();
    return writing?.documentId === documentId ? writing : null;
  };
  let last = current();
  return store.subscribe(() => {
    const writing = current();
    if (!writing || writing === last) return;
    const begins = writing.id !== last?.id;
    last = writing;
    if (writing.status === 'idle') onEnd(writing);
    else if (begins) onBegin(writing);
    else onGrow(writing);
  });
}
