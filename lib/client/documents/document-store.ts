/**
 * Which document is open beside a chat, and what the stream writes. One store a chat, and part of
 * the first load: what loads, edits and saves documents comes with the panel.
 */
import type { DocumentExcerpt } from '@/lib/client/documents/document-excerpt';
import {
  INITIAL_STREAM_STATE,
  reduceStreamEvent,
  type StreamedDocument,
} from '@/lib/client/documents/document-stream';
import type { StreamEvent } from '@/lib/protocol/stream-events';

/** The document in the panel. */
export type OpenDocument = {
  id: string;
  /**
   * Its number, or the key of the writing that it became; null for the newest, and for one that is
   * being written.
   */
  version: number | string | null;
  /** Whether the panel is open. */
  isPanelOpen: boolean;
  /** Grows with every wish of the person to see something: the panel loads it and takes the focus. */
  openRequests: number;
};

/** The answer that is being made, and how to stop it. */
export type AnswerControl = { stopping: boolean; stop: () => void };

export type DocumentsSnapshot = {
  open: OpenDocument | null;
  streamed: StreamedDocument | null;
  /** How many suggestions have come with the stream: there are new ones to ask for. */
  suggestionCount: number;
  /** The part of a document that the next message is about. */
  excerpt: DocumentExcerpt | null;
  /** The message that the person wants to see; another object at each wish. */
  scrollTarget: { messageId: string } | null;
  /** Null while no answer is being made. The panel may cover the chat's own Stop button. */
  answerControl: AnswerControl | null;
};

export type DocumentStore = {
  getSnapshot: () => DocumentsSnapshot;
  subscribe: (listener: () => void) => () => void;
  /**
   * Events of the stream that came together.
   * @param isRealtime whether they happen now; what is told once more does not push itself forward
   */
  apply: (events: readonly StreamEvent[], isRealtime?: boolean) => void;
  /** The stream is over: nothing more is written, though its last pieces may still arrive. */
  endStream: () => void;
  /** The person wants to see a document: this version of it, or the newest. */
  openDocument: (id: string, version?: number | string) => void;
  /** The person wants to see what the model writes by this tool call. */
  openStreamed: (writingId: string) => void;
  close: () => void;
  setExcerpt: (excerpt: DocumentExcerpt | null) => void;
  /** The person wants to see the message that a version came with. */
  scrollToMessage: (messageId: string) => void;
  setAnswerControl: (answerControl: AnswerControl | null) => void;
};

const EMPTY_SNAPSHOT: DocumentsSnapshot = {
  open: null,
  streamed: null,
  suggestionCount: 0,
  excerpt: null,
  scrollTarget: null,
  answerControl: null,
};

/**
 * @param canOpenUnprompted whether a document that the model begins may come into view by itself, in place of
 * the one with this id
 */
export function createDocumentStore(
  canOpenUnprompted: (visibleDocumentId: string | null) => boolean = () => true,
): DocumentStore {
  let streamState = INITIAL_STREAM_STATE;
  let snapshot = EMPTY_SNAPSHOT;
  const listeners = new Set<() => void>();
  function update(change: Partial<DocumentsSnapshot>) {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  }
  const store: DocumentStore = {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    apply(events, isRealtime = false) {
      const previous = snapshot.streamed;
      streamState = events.reduce(reduceStreamEvent, streamState);
      const { streamed } = streamState;
      const suggestionCount =
        snapshot.suggestionCount + events.filter(({ type }) => type === 'suggestion').length;
      if (streamed === previous && suggestionCount === snapshot.suggestionCount) return;
      // After a reload, what is begun and finished within one batch is told once more; what goes on
      // is the news.
      const isNewStream = streamed !== null && streamed.id !== previous?.id;
      const { open } = snapshot;
      const visibleDocumentId = open?.isPanelOpen ? open.id : null;
      const isCurrent = isRealtime || streamed?.status === 'streaming';
      // One that is in view follows by itself, or leaves the person's edits in place.
      const shouldOpen =
        isNewStream &&
        isCurrent &&
        visibleDocumentId !== streamed.documentId &&
        canOpenUnprompted(visibleDocumentId);
      update({
        streamed,
        suggestionCount,
        open: shouldOpen
          ? {
              id: streamed.documentId,
              version: null,
              isPanelOpen: true,
              openRequests: open?.openRequests ?? 0,
            }
          : open,
      });
    },
    endStream() {
      if (streamState.streamed?.status !== 'streaming') return;
      streamState = { ...streamState, streamed: { ...streamState.streamed, status: 'idle' } };
      update({ streamed: streamState.streamed });
    },
    openDocument(id, version) {
      const openRequests = (snapshot.open?.openRequests ?? 0) + 1;
      update({ open: { id, version: version ?? null, isPanelOpen: true, openRequests } });
    },
    openStreamed(writingId) {
      if (snapshot.streamed?.id === writingId) store.openDocument(snapshot.streamed.documentId);
    },
    close() {
      if (snapshot.open?.isPanelOpen) update({ open: { ...snapshot.open, isPanelOpen: false } });
    },
    setExcerpt: (excerpt) => update({ excerpt }),
    scrollToMessage: (messageId) => update({ scrollTarget: { messageId } }),
    setAnswerControl: (answerControl) => update({ answerControl }),
  };
  return store;
}
