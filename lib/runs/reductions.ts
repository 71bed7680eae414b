/** What is saved of an answer whose data the database refuses: less and less of it. */
import { AppError } from '@/lib/errors';
import type { FinalRun } from '@/lib/runs/finalize';

export type Ending = FinalRun & {
  /** The message keeps the parts it has. */
  keepsOldParts?: boolean;
  /** The end is not written to the log: readers in other processes get the stored message. */
  isUnlogged?: boolean;
};

/** Each saves less than the one before it. */
export const REDUCTIONS: Array<(final: FinalRun) => Ending> = [
  (final) => final,
  (final) => ({
    ...final,
    parts: final.parts.filter((part) => part.type === 'text'),
    documents: [],
    closing: '',
    isUnlogged: true,
  }),
  (final) => ({ ...asNotSaved(final), keepsOldParts: true, isUnlogged: true }),
];

/** The end of an answer of which nothing can be saved. */
export function asNotSaved(final: FinalRun): FinalRun {
  const error = new AppError('answer_not_saved').toBody();
  const { type, modelRef } = final.annotation;
  const annotation = { type, modelRef, status: 'failed', error } as const;
  return { ...final, parts: [], documents: [], closing: '', annotation };
}
