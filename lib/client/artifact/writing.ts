/** What the stream says of a document that the model writes: a pure reducer of its events. */
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { isDelta, type StreamEvent } from '@/lib/protocol/events';

/** One writing of a document by the model, as far as it has arrived. */
export type Writing = {
  /** Of the writing, its tool call's: a document may be written several times in one answer. */
  id: string;
  documentId: string;
  title: string;
  kind: ArtifactKind;
  /** Of a program, as the model named it. */
  language: string | null;
  content: string;
  /** 'idle' once nothing more comes. */
  status: 'streaming' | 'idle';
  /** The version that is changed; null for a new document. */
  baseVersion: number | null;
  /** The version that it became; 0 while that is not known. */
  version: number;
  /** Why it broke off, in a sentence. */
  error: string | null;
};

export type StreamState = {
  /** The last one of the answer; null before the first. */
  writing: Writing | null;
  /** The kind and the language come before the id of the document that they belong to. */
  announced: Pick<Writing, 'kind' | 'language'>;
  /** Whether the writing still takes pieces: they may come after the stream was said to be over. */
  open: boolean;
};

export const NOTHING_WRITTEN: StreamState = {
  writing: null,
  announced: { kind: 'text', language: null },
  open: false,
};

/** The state after one event; the very same where the event is none of its business. */
export function applyEvent(state: StreamState, event: StreamEvent): StreamState {
  switch (event.type) {
    case 'kind':
      return { ...state, announced: { kind: event.content, language: null } };
    case 'language':
      return { ...state, announced: { ...state.announced, language: event.content || null } };
    case 'id':
      return {
        ...state,
        writing: {
          ...state.announced,
          id: event.content,
          documentId: event.content,
          title: '',
          content: '',
          status: 'streaming',
          baseVersion: null,
          version: 0,
          error: null,
        },
        open: true,
      };
  }
  const { writing } = state;
  if (!writing || !state.open) return state;
  const become = (change: Partial<Writing>): StreamState => ({
    ...state,
    writing: { ...writing, ...change },
  });
  if (isDelta(event)) return become({ content: writing.content + event.content });
  switch (event.type) {
    case 'title':
      return become({ title: event.content });
    case 'clear':
      return become({
        id: event.content || writing.id,
        content: '',
        baseVersion: event.baseVersion ?? null,
      });
    case 'error':
      return become({ error: event.content });
    case 'finish':
      return { ...become({ status: 'idle', version: Number(event.content) || 0 }), open: false };
    default:
      return state;
  }
}
