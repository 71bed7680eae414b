import type { ListFormats } from '@/artifacts/kind';
import { escapeFormulas } from '@/artifacts/sheet/csv/escape-formulas';
import { type DownloadFormat, unchanged } from '@/lib/client/documents/download';

const CSV: DownloadFormat = { name: 'CSV', extension: 'csv', convert: unchanged };

/** Where cells would run as formulas, the file in which they do not comes first. */
export const formats: ListFormats = (_, content) => {
  const { escapedCells } = escapeFormulas(content);
  if (escapedCells === 0) return [CSV];
  const cells = escapedCells === 1 ? '1 cell' : `${escapedCells.toLocaleString('en')} cells`;
  return [
    {
      ...CSV,
      note: `${cells} would run as a formula in a spreadsheet program: there an apostrophe is put first.`,
      convert: async (text) => escapeFormulas(text).text,
    },
    { ...CSV, name: 'CSV, unchanged', note: 'Only for programs that you trust with its formulas.' },
  ];
};
