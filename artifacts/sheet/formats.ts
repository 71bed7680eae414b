import type { ListFormats } from '@/artifacts/kind';
import { escapeFormulas } from '@/artifacts/sheet/csv/escape-formulas';
import { type DownloadFormat, unchanged } from '@/lib/client/documents/download';
import { formatCount } from '@/lib/shared/format-count';

const CSV: DownloadFormat = { name: 'CSV', extension: 'csv', convert: unchanged };

/** If cells would be executed as formulas, the escaped format comes first. */
export const formats: ListFormats = (_, content) => {
  const { escapedCells } = escapeFormulas(content);
  if (escapedCells === 0) return [CSV];
  return [
    {
      ...CSV,
      note: `${formatCount(escapedCells, 'cell')} would run as a formula in a spreadsheet program and get a leading apostrophe.`,
      convert: async (text) => escapeFormulas(text).text,
    },
    {
      ...CSV,
      name: 'CSV, unchanged',
      note: 'Unchanged, with its formulas: open it only in programs that you trust.',
    },
  ];
};
