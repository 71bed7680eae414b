import { DocumentStream, type StreamedDocument } from '@/lib/protocol/document-stream';
import { parseLine } from '@/lib/protocol/lines';
import { parseStreamEvent } from '@/lib/protocol/stream-events';

/** One document write of a run, to be stored as a version. */
export type FoldedDocument = Omit<StreamedDocument, 'status' | 'version' | 'error'> & {
  /** Whether the write finished without an error. */
  complete: boolean;
};

/** Folds the lines of a run into its document writes, in order, each with its streamed content. */
export function foldDocuments(lines: Iterable<string>): FoldedDocument[] {
  const stream = new DocumentStream();
  const writes: StreamedDocument[] = [];
  for (const line of lines) {
    if (!line.startsWith('2:')) continue;
    const values = parseLine(line)?.value;
    for (const value of Array.isArray(values) ? values : []) {
      const event = parseStreamEvent(value);
      if (event) stream.apply(event);
      if (stream.streamed && stream.streamed !== writes.at(-1)) writes.push(stream.streamed);
    }
  }
  return writes.map(({ status, version, error, ...write }) => ({
    ...write,
    complete: status === 'finished' && error === null,
  }));
}
