import { guessDelimiter, readPrefix } from '@/artifacts/sheet/csv/dialect';
import { parseMarkdownTable } from '@/artifacts/sheet/csv/markdown-table';
import { scanRow } from '@/artifacts/sheet/csv/scan';
import { createSheet, type Row, type Sheet } from '@/artifacts/sheet/sheet';

type CompleteRows = { rows: Row[]; next: number };

/** Reads the complete rows from `from` on: later text cannot change them. */
function readCompleteRows(text: string, from: number, delimiter: string): CompleteRows {
  const rows: Row[] = [];
  let position = from;
  while (position < text.length) {
    const { cells, end, next } = scanRow(text, position, delimiter);
    // A trailing CR may be half of a CRLF.
    const complete = end < next && (next < text.length || text[next - 1] !== '\r');
    if (!complete) break;
    rows.push({ cells, source: text.slice(position, end), lineEnd: text.slice(end, next) });
    position = next;
  }
  return { rows, next: position };
}

/** Reads the incomplete row at the end of a streamed text. */
function readIncompleteRow(text: string, from: number, delimiter: string): Row[] {
  if (from >= text.length) return [];
  const { cells, end, next } = scanRow(text, from, delimiter);
  return [{ cells, source: text.slice(from, end), lineEnd: text.slice(end, next) }];
}

/**
 * Reads the rows after the complete ones at the end of the text. An unclosed quote is an inch mark
 * or a mistake: it is read as a character, so that it does not swallow the rest. The row keeps no
 * source text and is serialized again, since a later quote would close the quote in its source.
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
 * Returns an incremental parser for a streamed text: it parses complete rows only once. If the new
 * text does not extend the previous one, it starts again. `isComplete`: the text has ended.
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

/** Parses a complete text. */
export const parseSheet = (text: string): Sheet => createSheetParser()(text, true);

/** Parses clipboard text: tab-separated cells, as spreadsheets copy them, or a Markdown table. */
export function scanClipboard(text: string): string[][] {
  const table = parseMarkdownTable(text);
  if (table) return table;
  return readRemainingRows(text, 0, '\t').map(({ cells }) => [...cells]);
}
