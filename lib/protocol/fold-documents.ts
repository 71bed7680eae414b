import { type ArtifactKind, PLACEHOLDER_KIND } from '@/lib/protocol/artifact-kinds';
import { parseLine } from '@/lib/protocol/lines';
import { isDocumentDelta, parseStreamEvent, type StreamEvent } from '@/lib/protocol/stream-events';

/** One document write of a run, as far as it has streamed. */
export type FoldedDocument = {
  id: string;
  kind: ArtifactKind;
  /** The programming language; null if not specified. */
  language: string | null;
  title: string;
  /** Identifies the write within the run: the id of its tool call. */
  writingId: string;
  /** The version it changes; null for the first version of a document. */
  baseVersion: number | null;
  content: string;
  /** Whether the write finished without an error. */
  complete: boolean;
};

/** The fields of a document that are sent before its content. */
type DocumentHeader = Pick<FoldedDocument, 'id' | 'kind' | 'language' | 'title'>;

/** Folds the lines of a run into its document writes, in order, each with its streamed content. */
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
          // The same write restarts.
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

const EMPTY_HEADER: DocumentHeader = { id: '', kind: PLACEHOLDER_KIND, language: null, title: '' };
