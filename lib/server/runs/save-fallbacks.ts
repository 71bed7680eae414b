/** What is saved of an answer whose data the database refuses: less and less of it. */
import { AppError } from '@/lib/protocol/errors';
import type { FinalRun } from '@/lib/server/runs/finalize';

export type FinalRunWrite = FinalRun & {
  /** The message keeps the parts it has. */
  keepsStoredParts?: boolean;
  /** The end is not written to the log: readers in other processes get the stored message. */
  skipsLog?: boolean;
};

/** Each saves less than the one before it. */
export const SAVE_FALLBACKS: Array<(final: FinalRun) => FinalRunWrite> = [
  (final) => final,
  (final) => ({
    ...final,
    parts: final.parts.filter((part) => part.type === 'text'),
    documents: [],
    closingLines: '',
    skipsLog: true,
  }),
  (final) => ({ ...toUnsavedRun(final), keepsStoredParts: true, skipsLog: true }),
];

/** The end of an answer of which nothing can be saved. */
export function toUnsavedRun(final: FinalRun): FinalRun {
  const error = new AppError('answer_not_saved').toBody();
  const { type, modelRef } = final.annotation;
  const annotation = { type, modelRef, status: 'failed', error } as const;
  return { ...final, parts: [], documents: [], closingLines: '', annotation };
}
