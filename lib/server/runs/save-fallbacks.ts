/** Reduced forms of an answer, to be saved if the database rejects its data. */
import { AppError } from '@/lib/protocol/errors';
import type { FinalRun } from '@/lib/server/runs/final-run';

export type FinalRunWrite = FinalRun & {
  /** Leaves the stored parts of the message unchanged. */
  keepsStoredParts?: boolean;
  /** Does not write the end to the log: readers in other processes get the stored message. */
  skipsLog?: boolean;
};

/** Each saves less than the previous one. */
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

/** Returns the end of an answer of which nothing can be saved. */
export function toUnsavedRun(final: FinalRun): FinalRun {
  const error = new AppError('answer_save_failed').toBody();
  const { type, modelRef, endedAt } = final.annotation;
  const annotation = { type, modelRef, endedAt, status: 'failed', error } as const;
  return { ...final, parts: [], documents: [], closingLines: '', annotation };
}
