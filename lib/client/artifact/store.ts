/**
 * Which document is open beside a chat, and what the stream writes. One store a chat, and part of
 * the first load: what loads, edits and saves documents comes with the panel.
 */
import type { Reference } from '@/lib/client/artifact/reference';
import { applyEvent, NOTHING_WRITTEN, type Writing } from '@/lib/client/artifact/writing';
import type { StreamEvent } from '@/lib/protocol/events';

/** The document in the panel. */
export type OpenDocument = {
  id: string;
  /**
   * Its number, or the key of the writing that it became; null for the newest, and for one that is
   * being written.
   */
  version: number | string | null;
  /** Whether the panel is open. */
  visible: boolean;
  /** Grows with every wish of the person to see something: the panel loads it and takes the focus. */
  asked: number;
};

/** The answer that is being made, and how to stop it. */
export type Answering = { stopping: boolean; stop: () => void };

export type ArtifactSnapshot = {
  open: OpenDocument | null;
  writing: Writing | null;
  /** How many suggestions have come with the stream: there are new ones to ask for. */
  suggested: number;
  /** The part of a document that the next message is about. */
  reference: Reference | null;
  /** The message that the person wants to see; another object at each wish. */
  pointed: { messageId: string } | null;
  /** Null while no answer is being made. The panel may cover the chat's own Stop button. */
  answering: Answering | null;
};

export type ArtifactStore = {
  get: () => ArtifactSnapshot;
  subscribe: (listener: () => void) => () => void;
  /**
   * Events of the stream that came together.
   * @param news whether they happen now; what is told once more does not push itself forward
   */
  apply: (events: readonly StreamEvent[], news?: boolean) => void;
  /** The stream is over: nothing more is written, though its last pieces may still arrive. */
  settle: () => void;
  /** The person wants to see a document: this version of it, or the newest. */
  show: (id: string, version?: number | string) => void;
  /** The person wants to see what the model writes by this tool call. */
  showWriting: (writingId: string) => void;
  close: () => void;
  refer: (reference: Reference | null) => void;
  /** The person wants to see the message that a version came with. */
  point: (messageId: string) => void;
  setAnswering: (answering: Answering | null) => void;
};

const NO_ARTIFACT: ArtifactSnapshot = {
  open: null,
  writing: null,
  suggested: 0,
  reference: null,
  pointed: null,
  answering: null,
};

/**
 * @param mayOpen whether a document that the model begins may come into view by itself, in place of
 * the one with this id
 */
export function createArtifactStore(
  mayOpen: (instead: string | null) => boolean = () => true,
): ArtifactStore {
  let stream = NOTHING_WRITTEN;
  let state = NO_ARTIFACT;
  const listeners = new Set<() => void>();
  function update(change: Partial<ArtifactSnapshot>) {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }
  const store: ArtifactStore = {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    apply(events, news = false) {
      const before = state.writing;
      stream = events.reduce(applyEvent, stream);
      const { writing } = stream;
      const suggested = state.suggested + events.filter(({ type }) => type === 'suggestion').length;
      if (writing === before && suggested === state.suggested) return;
      // After a reload, what is begun and finished within one batch is told once more; what goes on
      // is the news.
      const begins = writing !== null && writing.id !== before?.id;
      const { open } = state;
      const shown = open?.visible ? open.id : null;
      const current = news || writing?.status === 'streaming';
      // One that is in view follows by itself, or leaves the person's edits in place.
      const opens = begins && current && shown !== writing.documentId && mayOpen(shown);
      update({
        writing,
        suggested,
        open: opens
          ? { id: writing.documentId, version: null, visible: true, asked: open?.asked ?? 0 }
          : open,
      });
    },
    settle() {
      if (stream.writing?.status !== 'streaming') return;
      stream = { ...stream, writing: { ...stream.writing, status: 'idle' } };
      update({ writing: stream.writing });
    },
    show(id, version) {
      const asked = (state.open?.asked ?? 0) + 1;
      update({ open: { id, version: version ?? null, visible: true, asked } });
    },
    showWriting(writingId) {
      if (state.writing?.id === writingId) store.show(state.writing.documentId);
    },
    close() {
      if (state.open?.visible) update({ open: { ...state.open, visible: false } });
    },
    refer: (reference) => update({ reference }),
    point: (messageId) => update({ pointed: { messageId } }),
    setAnswering: (answering) => update({ answering }),
  };
  return store;
}
