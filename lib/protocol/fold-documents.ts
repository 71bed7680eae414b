import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { isDelta, parseStreamEvent, type StreamEvent } from '@/lib/protocol/events';
import { parseLine } from '@/lib/protocol/lines';

/** One writing of a document beside the chat, as far as a run has come with it. */
export type WrittenDocument = {
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
type Announced = Pick<WrittenDocument, 'id' | 'kind' | 'language' | 'title'>;

/** What a list of lines writes of documents, in its order, with all that was shown of each. */
export function foldDocuments(lines: Iterable<string>): WrittenDocument[] {
  const fold = new DocumentsFold();
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

class DocumentsFold {
  readonly documents: WrittenDocument[] = [];
  private announced: Announced = NOTHING;
  private open: WrittenDocument | undefined;
  private failed = false;

  add(event: StreamEvent): void {
    if (isDelta(event)) {
      if (this.open) this.open.content += event.content;
      return;
    }
    switch (event.type) {
      case 'kind':
        this.announced = { ...NOTHING, kind: event.content };
        break;
      case 'language':
        this.announced = { ...this.announced, language: event.content || null };
        break;
      case 'id':
      case 'title':
        this.announced = { ...this.announced, [event.type]: event.content };
        break;
      case 'clear': {
        const { content: writingId, baseVersion = null } = event;
        if (this.open && this.open.writingId === writingId) {
          // The same writing begins anew.
          this.open.content = '';
          break;
        }
        const rest = { writingId, baseVersion, content: '', complete: false };
        this.open = { ...this.announced, ...rest };
        this.failed = false;
        this.documents.push(this.open);
        break;
      }
      case 'error':
        this.failed = true;
        break;
      case 'finish':
        if (this.open) this.open.complete = !this.failed;
        this.open = undefined;
        break;
    }
  }
}

const NOTHING: Announced = { id: '', kind: 'text', language: null, title: '' };
