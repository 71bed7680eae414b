import type { Formats } from '@/artifacts/kind';
import { guardSheet } from '@/artifacts/sheet/csv/safe';
import { asIs, type Format } from '@/lib/client/artifact/download';

const CSV: Format = { name: 'CSV', extension: 'csv', make: asIs };

/** Where cells would run as formulas, the file in which they do not comes first. */
export const formats: Formats = (_, content) => {
  const { guarded } = guardSheet(content);
  if (guarded === 0) return [CSV];
  const cells = guarded === 1 ? '1 cell' : `${guarded.toLocaleString('en')} cells`;
  return [
    {
      ...CSV,
      note: `${cells} would run as a formula in a spreadsheet program: there an apostrophe is put first.`,
      make: async (text) => guardSheet(text).text,
    },
    { ...CSV, name: 'CSV, unchanged', note: 'Only for programs that you trust with its formulas.' },
  ];
};
