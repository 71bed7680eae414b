import { guessDelimiter, prefixOf } from '@/artifacts/sheet/csv/dialect';
import { tableOfMarkdown } from '@/artifacts/sheet/csv/markdown-table';
import { scanRow } from '@/artifacts/sheet/csv/scan';
import { makeSheet, type Row, type Sheet } from '@/artifacts/sheet/sheet';

type Read = { rows: Row[]; next: number };

/** The rows from `from` on that are complete: whatever follows, they stay as they are. */
function readComplete(text: string, from: number, delimiter: string): Read {
  const rows: Row[] = [];
  let at = from;
  while (at < text.length) {
    const { cells, end, next } = scanRow(text, at, delimiter);
    // A return at the very end may be half of a line end.
    const complete = end < next && (next < text.length || text[next - 1] !== '\r');
    if (!complete) break;
    rows.push({ cells, source: text.slice(at, end), lineEnd: text.slice(end, next) });
    at = next;
  }
  return { rows, next: at };
}

/** What follows the complete rows, as far as it has come. */
function readOpen(text: string, from: number, delimiter: string): Row[] {
  if (from >= text.length) return [];
  const { cells, end, next } = scanRow(text, from, delimiter);
  return [{ cells, source: text.slice(from, end), lineEnd: text.slice(end, next) }];
}

/**
 * What follows the complete rows when nothing more comes. A quote that is never closed is an inch
 * sign or a slip: read as a character, so that it does not swallow the rest. Its row is written
 * anew when the sheet is, since a quote further down would close it.
 */
function readRest(text: string, from: number, delimiter: string): Row[] {
  const rows: Row[] = [];
  for (let at = from; at < text.length; ) {
    let row = scanRow(text, at, delimiter);
    const { openQuote } = row;
    if (openQuote >= 0) row = scanRow(text, at, delimiter, openQuote);
    rows.push({
      cells: row.cells,
      source: openQuote >= 0 ? null : text.slice(at, row.end),
      lineEnd: text.slice(row.end, row.next),
    });
    at = row.next;
  }
  return rows;
}

/**
 * A reader of one text that grows: what it has read of it once it does not read again. Another text
 * is read from its beginning.
 * @returns reads all that has come; `whole` says that nothing more will
 */
export function createReader(): (text: string, whole: boolean) => Sheet {
  let seen = '';
  let delimiter = ',';
  let complete: Row[] = [];
  let next = 0;

  return (text, whole) => {
    const { prefix, delimiter: named } = prefixOf(text);
    const start = prefix.length;
    const guessed = named ?? guessDelimiter(text, start);
    if (guessed !== delimiter || next < start || !text.startsWith(seen)) {
      complete = [];
      next = start;
    }
    delimiter = guessed;
    seen = text;
    const more = readComplete(text, next, delimiter);
    next = more.next;
    complete = complete.concat(more.rows);
    const rest = (whole ? readRest : readOpen)(text, next, delimiter);
    const rows = rest.length > 0 ? complete.concat(rest) : complete;
    return makeSheet(rows, {
      delimiter,
      prefix,
      lineEnd: rows[0]?.lineEnd || '\n',
      endsWithLineEnd: Boolean(rows.at(-1)?.lineEnd),
    });
  };
}

/** A whole text, read as a table. */
export const parseSheet = (text: string): Sheet => createReader()(text, true);

/** Cells as a spreadsheet puts them on the clipboard, separated by tabs; or those of a Markdown table. */
export function scanClipboard(text: string): string[][] {
  const table = tableOfMarkdown(text);
  if (table) return table;
  return readRest(text, 0, '\t').map(({ cells }) => [...cells]);
}
