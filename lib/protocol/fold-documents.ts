import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { parseLine } from '@/lib/protocol/lines';
import { isDocumentDelta, parseStreamEvent, type StreamEvent } from '@/lib/protocol/stream-events';

/** One writing of a document beside the chat, as far as a run has come with it. */
export type FoldedDocument = {
  id: string;
  kind: ArtifactKind;
  /** Null where none was named. */
  language: string | null;
  title: string;
  /** Tells it from other writings of the run: its tool call's id. */
  writingId: string;
  /** The version it changes; null for the first of a document. */
  baseVersion: number | null;
  content: string;
  /** Whether it came to its end, and to a good one. */
  complete: boolean;
};

/** What is known of a document before its writing begins. */
type DocumentHeader = Pick<FoldedDocument, 'id' | 'kind' | 'language' | 'title'>;

/** What a list of lines writes of documents, in its order, with all that was shown of each. */
export function foldDocuments(lines: Iterable<string>): FoldedDocument[] {
  const fold = new DocumentFold();
  for (const line of lines) {
    if (!line.startsWith('2:')) continue;
    const values = parseLine(line)?.value;
    for (const value of Array.isArray(values) ? values : []) {
      const event = parseStreamEvent(value);
      if (event) fold.add(event);
    }
  }
  return fold.documents;
}

class DocumentFold {
  readonly documents: FoldedDocument[] = [];
  private header: DocumentHeader = EMPTY_HEADER;
  private current: FoldedDocument | undefined;
  private failed = false;

  add(event: StreamEvent): void {
    if (isDocumentDelta(event)) {
      if (this.current) this.current.content += event.content;
      return;
    }
    switch (event.type) {
      case 'kind':
        this.header = { ...EMPTY_HEADER, kind: event.content };
        break;
      case 'language':
        this.header = { ...this.header, language: event.content || null };
        break;
      case 'id':
      case 'title':
        this.header = { ...this.header, [event.type]: event.content };
        break;
      case 'clear': {
        const { content: writingId, baseVersion = null } = event;
        if (this.current && this.current.writingId === writingId) {
          // The same writing begins anew.
          this.current.content = '';
          break;
        }
        const fields = { writingId, baseVersion, content: '', complete: false };
        this.current = { ...this.header, ...fields };
        this.failed = false;
        this.documents.push(this.current);
        break;
      }
      case 'error':
        this.failed = true;
        break;
      case 'finish':
        if (this.current) this.current.complete = !this.failed;
        this.current = undefined;
        break;
    }
  }
}

const EMPTY_HEADER: DocumentHeader = { id: '', kind: 'text', language: null, title: '' };
