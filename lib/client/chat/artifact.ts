/**
 * The document that is open beside the chat: written live by events of the stream, or loaded.
 *
 * One store a conversation. The reducer is pure; the store tells its listeners.
 */
import type { ArtifactKind, StreamEvent } from '@/lib/protocol/events';

export type Artifact = {
  /** The document's id. */
  id: string;
  title: string;
  kind: ArtifactKind;
  content: string;
  /** 'streaming' while the model writes it. */
  status: 'streaming' | 'loading' | 'idle';
  /** Whether the panel is open. */
  visible: boolean;
};

export type ArtifactState = {
  artifact: Artifact | null;
  /** The kind comes before the id of the document that it belongs to. */
  announcedKind: ArtifactKind;
  /** The document that pieces in the stream belong to; null outside of any. */
  writingId: string | null;
};

export const NO_ARTIFACT: ArtifactState = {
  artifact: null,
  announcedKind: 'text',
  writingId: null,
};

/** The state after one event of the stream; events that are none of its business change nothing. */
function applyEvent(state: ArtifactState, event: StreamEvent): ArtifactState {
  const { artifact } = state;
  if (event.type === 'kind') {
    const announcedKind = event.content;
    return artifact?.status === 'streaming'
      ? { ...state, artifact: { ...artifact, kind: announcedKind }, announcedKind }
      : { ...state, announcedKind };
  }
  if (event.type === 'id') {
    const id = event.content;
    const kind = state.announcedKind;
    return {
      ...state,
      artifact: { id, kind, title: '', content: '', status: 'streaming', visible: true },
      writingId: id,
    };
  }
  if (!artifact || artifact.id !== state.writingId) return state;
  switch (event.type) {
    case 'title':
      return { ...state, artifact: { ...artifact, title: event.content } };
    case 'clear':
      return { ...state, artifact: { ...artifact, content: '' } };
    case 'text-delta':
    case 'code-delta':
    case 'sheet-delta':
      return { ...state, artifact: { ...artifact, content: artifact.content + event.content } };
    case 'finish':
      return { ...state, artifact: { ...artifact, status: 'idle' }, writingId: null };
    default:
      return state;
  }
}

/**
 * The state after events that arrived together. A document that is begun and finished within them
 * is no news but a replay (after a reload): it does not push itself forward.
 */
export function applyEvents(state: ArtifactState, events: readonly StreamEvent[]): ArtifactState {
  const next = events.reduce(applyEvent, state);
  const { artifact } = next;
  const begunAndDone = artifact?.status === 'idle' && events.some(({ type }) => type === 'id');
  if (!begunAndDone) return next;
  return { ...next, artifact: { ...artifact, visible: state.artifact?.visible ?? false } };
}

export type ArtifactStore = {
  get: () => Artifact | null;
  subscribe: (listener: () => void) => () => void;
  apply: (events: readonly StreamEvent[]) => void;
  set: (artifact: Artifact | null) => void;
  /** The stream is over: nothing more is written, though its last pieces may still arrive. */
  settle: () => void;
  close: () => void;
};

export function createArtifactStore(): ArtifactStore {
  let state = NO_ARTIFACT;
  const listeners = new Set<() => void>();
  function update(next: ArtifactState) {
    const changed = next.artifact !== state.artifact;
    state = next;
    if (changed) for (const listener of listeners) listener();
  }
  const set = (artifact: Artifact | null) => update({ ...state, artifact });
  return {
    get: () => state.artifact,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    apply: (events) => update(applyEvents(state, events)),
    set(artifact) {
      // What is read from the server is whole: pieces of it would be there twice.
      if (artifact?.status === 'loading') state = { ...state, writingId: null };
      set(artifact);
    },
    settle() {
      if (state.artifact?.status === 'streaming') set({ ...state.artifact, status: 'idle' });
    },
    close() {
      if (state.artifact?.visible) set({ ...state.artifact, visible: false });
    },
  };
}
