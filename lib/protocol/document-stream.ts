/** Reduces stream events to the documents that the model writes. No I/O; for both ends. */
import { type ArtifactKind, PLACEHOLDER_KIND } from '@/lib/protocol/artifact-kinds';
import { isDocumentDelta, type StreamEvent } from '@/lib/protocol/stream-events';

/** The fields of a document that are sent before its content. */
type DocumentHeader = {
  id: string;
  kind: ArtifactKind;
  /** The programming language, as named by the model; null if not specified. */
  language: string | null;
  title: string;
};

/** One document write by the model, as far as it has arrived. */
export type StreamedDocument = DocumentHeader & {
  /**
   * Identifies the write within the run: the id of its tool call. One answer may write a document
   * several times.
   */
  writingId: string;
  /** The version it changes; null for the first version of a document. */
  baseVersion: number | null;
  content: string;
  /** An interrupted write still accepts the rest of its events. */
  status: 'streaming' | 'interrupted' | 'finished';
  /** The version created by the write; 0 until known. */
  version: number;
  /** Why the content is incomplete, as a sentence for the user. */
  error: string | null;
};

const EMPTY_HEADER: DocumentHeader = { id: '', kind: PLACEHOLDER_KIND, language: null, title: '' };

/** Applies stream events in place: a copy for each chunk would cost more than the chunk itself. */
export class DocumentStream {
  /** The latest write; null before the first. A write that starts is a new object. */
  streamed: StreamedDocument | null = null;
  /** The header of the next write. */
  private header = EMPTY_HEADER;

  /** Applies one event. Returns whether it changed `streamed`. */
  apply(event: StreamEvent): boolean {
    const open = this.streamed?.status === 'finished' ? null : this.streamed;
    if (isDocumentDelta(event)) {
      if (open) open.content += event.content;
      return open !== null;
    }
    switch (event.type) {
      case 'kind':
        this.header = { ...EMPTY_HEADER, kind: event.content };
        return false;
      case 'language':
        this.header = { ...this.header, language: event.content || null };
        return false;
      case 'id':
      case 'title':
        this.header = { ...this.header, [event.type]: event.content };
        return false;
      case 'clear':
        // A write may start over; one that was interrupted is then streamed anew.
        if (open?.writingId === event.content && open.status === 'streaming') open.content = '';
        else this.streamed = startWrite(this.header, event.content, event.baseVersion ?? null);
        return true;
      case 'error':
        if (open) open.error = event.content;
        return open !== null;
      case 'finish':
        if (open) Object.assign(open, { status: 'finished', version: Number(event.content) || 0 });
        return open !== null;
      default:
        return false;
    }
  }

  /** Marks a write without a `finish` event as interrupted. Returns whether there was one. */
  interrupt(): boolean {
    if (this.streamed?.status !== 'streaming') return false;
    this.streamed.status = 'interrupted';
    return true;
  }
}

function startWrite(
  header: DocumentHeader,
  writingId: string,
  baseVersion: number | null,
): StreamedDocument {
  const state = { content: '', status: 'streaming', version: 0, error: null } as const;
  return { ...header, writingId, baseVersion, ...state };
}
