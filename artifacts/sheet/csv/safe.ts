/** A sheet as a file that a spreadsheet program opens without running anything of it. */
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { writeSheet } from '@/artifacts/sheet/csv/write';
import { isNumeric } from '@/artifacts/sheet/numbers';
import { makeSheet, type Row } from '@/artifacts/sheet/sheet';

/**
 * The signs that begin a formula, their full-width forms too, behind whatever programs pass over: blanks,
 * line breaks, control and format characters, quotes.
 */
const FORMULA = /^[\s\p{Cc}\p{Cf}"']*[=+\-@＝＋－＠−]/u;
/** What may stand between two cells, before a sign: looked for from its beginning on, so once. */
const WITHIN = /(?<![,;|"\s])[,;|"\s]+(?=[=@＝＠]|[+\-＋－−][\p{L}(=@])/gu;
const SEPARATOR = /[,;\t|\r\n]/;
const SCIENTIFIC = /^[-+]?\d+(?:[.,]\d+)?e[-+]?\d{1,3}$/i;
/** An apostrophe makes a cell text: spreadsheet programs show it, but run nothing. */
const GUARD = "'";

/**
 * The cell as it can be opened; itself where nothing of it would run. Numbers stay numbers, and a sign by
 * itself stays what it is.
 */
export function guardCell(cell: string): string {
  const bare = cell.trim();
  const harmless = bare.length <= 1 || isNumeric(bare) || SCIENTIFIC.test(bare);
  // Where the file is read with another separator, what follows one begins a cell.
  const within = cell.replace(WITHIN, (run) => (SEPARATOR.test(run) ? run + GUARD : run));
  const begins = !harmless && (FORMULA.test(cell) || /^[\t\r]/.test(cell));
  return begins && !/^\s*'/.test(cell) ? GUARD + within : within;
}

/** @returns the text with all cells guarded, and how many of them had to be */
export function guardSheet(text: string): { text: string; guarded: number } {
  const sheet = parseSheet(text);
  let guarded = 0;
  const rows = sheet.rows.map((row): Row => {
    const cells = row.cells.map(guardCell);
    const changed = cells.filter((cell, column) => cell !== row.cells[column]).length;
    guarded += changed;
    return changed === 0 ? row : { ...row, cells, source: null };
  });
  return guarded === 0
    ? { text, guarded }
    : { text: writeSheet(makeSheet(rows, sheet.dialect)), guarded };
}
