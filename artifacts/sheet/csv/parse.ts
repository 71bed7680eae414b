import { guessDelimiter, readPrefix } from '@/artifacts/sheet/csv/dialect';
import { parseMarkdownTable } from '@/artifacts/sheet/csv/markdown-table';
import { scanRow } from '@/artifacts/sheet/csv/scan';
import { createSheet, type Row, type Sheet } from '@/artifacts/sheet/sheet';

type CompleteRows = { rows: Row[]; next: number };

/** The rows from `from` on that are complete: whatever follows, they stay as they are. */
function readCompleteRows(text: string, from: number, delimiter: string): CompleteRows {
  const rows: Row[] = [];
  let position = from;
  while (position < text.length) {
    const { cells, end, next } = scanRow(text, position, delimiter);
    // A return at the very end may be half of a line end.
    const complete = end < next && (next < text.length || text[next - 1] !== '\r');
    if (!complete) break;
    rows.push({ cells, source: text.slice(position, end), lineEnd: text.slice(end, next) });
    position = next;
  }
  return { rows, next: position };
}

/** What follows the complete rows, as far as it has come. */
function readIncompleteRow(text: string, from: number, delimiter: string): Row[] {
  if (from >= text.length) return [];
  const { cells, end, next } = scanRow(text, from, delimiter);
  return [{ cells, source: text.slice(from, end), lineEnd: text.slice(end, next) }];
}

/**
 * What follows the complete rows when nothing more comes. A quote that is never closed is an inch
 * sign or a slip: read as a character, so that it does not swallow the rest. Its row is written
 * anew when the sheet is, since a quote further down would close it.
 */
function readRemainingRows(text: string, from: number, delimiter: string): Row[] {
  const rows: Row[] = [];
  for (let position = from; position < text.length; ) {
    let row = scanRow(text, position, delimiter);
    const { openQuote } = row;
    if (openQuote >= 0) row = scanRow(text, position, delimiter, openQuote);
    rows.push({
      cells: row.cells,
      source: openQuote >= 0 ? null : text.slice(position, row.end),
      lineEnd: text.slice(row.end, row.next),
    });
    position = row.next;
  }
  return rows;
}

/**
 * A reader of one text that grows: what it has read of it once it does not read again. Another text
 * is read from its beginning.
 * @returns reads all that has come; `whole` says that nothing more will
 */
export function createSheetParser(): (text: string, isComplete: boolean) => Sheet {
  let previousText = '';
  let delimiter = ',';
  let completeRows: Row[] = [];
  let next = 0;

  return (text, isComplete) => {
    const { prefix, delimiter: namedDelimiter } = readPrefix(text);
    const start = prefix.length;
    const guessed = namedDelimiter ?? guessDelimiter(text, start);
    if (guessed !== delimiter || next < start || !text.startsWith(previousText)) {
      completeRows = [];
      next = start;
    }
    delimiter = guessed;
    previousText = text;
    const completed = readCompleteRows(text, next, delimiter);
    next = completed.next;
    completeRows = completeRows.concat(completed.rows);
    const remaining = (isComplete ? readRemainingRows : readIncompleteRow)(text, next, delimiter);
    const rows = remaining.length > 0 ? completeRows.concat(remaining) : completeRows;
    return createSheet(rows, {
      delimiter,
      prefix,
      lineEnd: rows[0]?.lineEnd || '\n',
      endsWithLineEnd: Boolean(rows.at(-1)?.lineEnd),
    });
  };
}

/** A whole text, read as a table. */
export const parseSheet = (text: string): Sheet => createSheetParser()(text, true);

/** Cells as a spreadsheet puts them on the clipboard, separated by tabs; or those of a Markdown table. */
export function scanClipboard(text: string): string[][] {
  const table = parseMarkdownTable(text);
  if (table) return table;
  return readRemainingRows(text, 0, '\t').map(({ cells }) => [...cells]);
}
