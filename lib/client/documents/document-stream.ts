/** What the stream says of a document that the model writes: a pure reducer of its events. */
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { isDocumentDelta, type StreamEvent } from '@/lib/protocol/stream-events';

/** One writing of a document by the model, as far as it has arrived. */
export type StreamedDocument = {
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

export type DocumentStreamState = {
  /** The last one of the answer; null before the first. */
  streamed: StreamedDocument | null;
  /** The kind and the language come before the id of the document that they belong to. */
  header: Pick<StreamedDocument, 'kind' | 'language'>;
  /** Whether the writing still takes pieces: they may come after the stream was said to be over. */
  acceptsEvents: boolean;
};

export const INITIAL_STREAM_STATE: DocumentStreamState = {
  streamed: null,
  header: { kind: 'text', language: null },
  acceptsEvents: false,
};

/** The state after one event; the very same where the event is none of its business. */
export function reduceStreamEvent(
  state: DocumentStreamState,
  event: StreamEvent,
): DocumentStreamState {
  switch (event.type) {
    case 'kind':
      return { ...state, header: { kind: event.content, language: null } };
    case 'language':
      return { ...state, header: { ...state.header, language: event.content || null } };
    case 'id':
      return {
        ...state,
        streamed: {
          ...state.header,
          id: event.content,
          documentId: event.content,
          title: '',
          content: '',
          status: 'streaming',
          baseVersion: null,
          version: 0,
          error: null,
        },
        acceptsEvents: true,
      };
  }
  const { streamed } = state;
  if (!streamed || !state.acceptsEvents) return state;
  const update = (change: Partial<StreamedDocument>): DocumentStreamState => ({
    ...state,
    streamed: { ...streamed, ...change },
  });
  if (isDocumentDelta(event)) return update({ content: streamed.content + event.content });
  switch (event.type) {
    case 'title':
      return update({ title: event.content });
    case 'clear':
      return update({
        id: event.content || streamed.id,
        content: '',
        baseVersion: event.baseVersion ?? null,
      });
    case 'error':
      return update({ error: event.content });
    case 'finish':
      return {
        ...update({ status: 'idle', version: Number(event.content) || 0 }),
        acceptsEvents: false,
      };
    default:
      return state;
  }
}
