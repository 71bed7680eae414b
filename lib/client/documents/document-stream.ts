/** A pure reducer of the stream events of a document that the model writes. */
import { type ArtifactKind, PLACEHOLDER_KIND } from '@/lib/protocol/artifact-kinds';
import { isDocumentDelta, type StreamEvent } from '@/lib/protocol/stream-events';

/** One document write by the model, as far as it has arrived. */
export type StreamedDocument = {
  /** Id of the write, from its tool call: one answer may write a document several times. */
  id: string;
  documentId: string;
  title: string;
  kind: ArtifactKind;
  /** Language of a program, as the model named it. */
  language: string | null;
  content: string;
  /** 'idle' once the write has ended. */
  status: 'streaming' | 'idle';
  /** The version this write is based on; null for a new document. */
  baseVersion: number | null;
  /** The version created by the write; 0 until known. */
  version: number;
  /** Why the write was interrupted, as a sentence for the user. */
  error: string | null;
};

export type DocumentStreamState = {
  /** The answer's latest document write; null before the first. */
  streamed: StreamedDocument | null;
  /** The kind and language events precede the `id` event that they belong to. */
  header: Pick<StreamedDocument, 'kind' | 'language'>;
  /** Whether the write still accepts chunks: they may arrive after `endStream`. */
  acceptsEvents: boolean;
};

export const INITIAL_STREAM_STATE: DocumentStreamState = {
  streamed: null,
  header: { kind: PLACEHOLDER_KIND, language: null },
  acceptsEvents: false,
};

/** Returns the state after one event; the same object if the event changes nothing. */
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
