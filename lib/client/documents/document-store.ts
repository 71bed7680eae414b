/**
 * Which document is open next to a chat, and the streamed document. One store per chat. It is part
 * of the first load; the code that loads, edits and saves documents is loaded with the panel.
 */
import { createStore, type Store } from '@/lib/client/browser/store';
import { DocumentStream, type StreamedDocument } from '@/lib/protocol/document-stream';
import type { StreamEvent } from '@/lib/protocol/stream-events';

/** The document in the panel. */
export type OpenDocument = {
  id: string;
  /**
   * The version number, or the `writingId` of the write that created it; null for the newest
   * version and for a document being streamed.
   */
  version: number | string | null;
  /** Whether the panel is open. */
  isPanelOpen: boolean;
  /**
   * Incremented each time the user opens a document: the panel then loads it and takes the focus.
   */
  openRequests: number;
};

/** Stops the running answer. */
export type AnswerControl = { stopping: boolean; stop: () => void };

export type DocumentsSnapshot = {
  open: OpenDocument | null;
  streamed: StreamedDocument | null;
  /** Number of suggestions received on the stream; a change triggers a refetch. */
  suggestionCount: number;
  /** The message to scroll to; a new object for each request. */
  scrollTarget: { messageId: string } | null;
  /** Null while no answer is running. The panel may cover the chat's own Stop button. */
  answerControl: AnswerControl | null;
};

export type DocumentStore = Omit<Store<DocumentsSnapshot>, 'setState'> & {
  /**
   * Applies a batch of stream events.
   * @param isRealtime whether they happen now; a replayed write opens the panel only if it is still
   *   streaming
   */
  apply: (events: readonly StreamEvent[], isRealtime?: boolean) => void;
  /**
   * The stream has ended: the document is no longer being written, though buffered chunks may still
   * arrive.
   */
  endStream: () => void;
  /** Opens a document at this version, or at the newest one. */
  openDocument: (id: string, version?: number | string) => void;
  /** Opens the newest version of a document without moving the focus there. */
  reopenDocument: (id: string) => void;
  /** Opens the document that this tool call is writing, if it is being streamed. */
  openStreamed: (writingId: string) => void;
  close: () => void;
  /** Scrolls the chat to a message, for example the one that created a version. */
  scrollToMessage: (messageId: string) => void;
  setAnswerControl: (answerControl: AnswerControl | null) => void;
};

const EMPTY_SNAPSHOT: DocumentsSnapshot = {
  open: null,
  streamed: null,
  suggestionCount: 0,
  scrollTarget: null,
  answerControl: null,
};

/**
 * @param canOpenUnprompted whether a document that the model starts may open by itself, replacing
 *   the visible one with this id
 */
export function createDocumentStore(
  canOpenUnprompted: (visibleDocumentId: string | null) => boolean = () => true,
): DocumentStore {
  const stream = new DocumentStream();
  /** A state is immutable, but the stream is updated in place. */
  const copyStreamed = () => stream.streamed && { ...stream.streamed };
  const { setState, ...readable } = createStore(EMPTY_SNAPSHOT);
  const { getState } = readable;
  function update(change: Partial<DocumentsSnapshot>) {
    setState({ ...getState(), ...change });
  }
  const store: DocumentStore = {
    ...readable,
    apply(events, isRealtime = false) {
      const { streamed: previous, suggestionCount: previousCount, open } = getState();
      const changes = events.filter((event) => stream.apply(event));
      const streamed = changes.length > 0 ? copyStreamed() : previous;
      const suggestionCount =
        previousCount + events.filter(({ type }) => type === 'suggestion').length;
      if (streamed === previous && suggestionCount === previousCount) return;
      // After a reload, a write that starts and finishes within one batch is a replay and does not
      // open the panel; one that is still streaming does.
      const isNewStream = streamed !== null && streamed.writingId !== previous?.writingId;
      const visibleDocumentId = open?.isPanelOpen ? open.id : null;
      const isCurrent = isRealtime || streamed?.status === 'streaming';
      // A document that is already visible updates itself, or keeps the user's edits.
      const shouldOpen =
        isNewStream &&
        isCurrent &&
        visibleDocumentId !== streamed.id &&
        canOpenUnprompted(visibleDocumentId);
      update({
        streamed,
        suggestionCount,
        open: shouldOpen
          ? {
              id: streamed.id,
              version: null,
              isPanelOpen: true,
              openRequests: open?.openRequests ?? 0,
            }
          : open,
      });
    },
    endStream() {
      if (stream.interrupt()) update({ streamed: copyStreamed() });
    },
    openDocument(id, version) {
      const openRequests = (getState().open?.openRequests ?? 0) + 1;
      update({ open: { id, version: version ?? null, isPanelOpen: true, openRequests } });
    },
    reopenDocument(id) {
      const openRequests = getState().open?.openRequests ?? 0;
      update({ open: { id, version: null, isPanelOpen: true, openRequests } });
    },
    openStreamed(writingId) {
      const { streamed } = getState();
      if (streamed?.writingId === writingId) store.openDocument(streamed.id);
    },
    close() {
      const { open } = getState();
      if (open?.isPanelOpen) update({ open: { ...open, isPanelOpen: false } });
    },
    scrollToMessage: (messageId) => update({ scrollTarget: { messageId } }),
    setAnswerControl: (answerControl) => update({ answerControl }),
  };
  return store;
}
