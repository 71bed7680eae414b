import type { FoldedDocument } from '@/lib/protocol/fold-documents';
import type { MessagePart, RunEndedAnnotation } from '@/lib/protocol/messages';

/** The result of a run, ready to be saved. */
export type FinalRun = {
  row: { id: string; chatId: string; messageId: string; epoch: number };
  parts: MessagePart[];
  /** The run's document writes; each one that is not saved as a version yet becomes one. */
  documents: FoldedDocument[];
  /** Lines that precede the end of the run. */
  closingLines: string;
  annotation: RunEndedAnnotation;
};
