/** A sheet as a file that a spreadsheet program opens without running anything of it. */
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { serializeSheet } from '@/artifacts/sheet/csv/write';
import { isNumeric } from '@/artifacts/sheet/numbers';
import { createSheet, type Row } from '@/artifacts/sheet/sheet';

/**
 * The signs that begin a formula, their full-width forms too, behind whatever programs pass over: blanks,
 * line breaks, control and format characters, quotes.
 */
const STARTS_FORMULA = /^[\s\p{Cc}\p{Cf}"']*[=+\-@＝＋－＠−]/u;
/** What may stand between two cells, before a sign: looked for from its beginning on, so once. */
const FORMULA_AFTER_SEPARATOR = /(?<![,;|"\s])[,;|"\s]+(?=[=@＝＠]|[+\-＋－−][\p{L}(=@])/gu;
const SEPARATOR = /[,;\t|\r\n]/;
const SCIENTIFIC_NUMBER = /^[-+]?\d+(?:[.,]\d+)?e[-+]?\d{1,3}$/i;
/** An apostrophe makes a cell text: spreadsheet programs show it, but run nothing. */
const ESCAPE_PREFIX = "'";

/**
 * The cell as it can be opened; itself where nothing of it would run. Numbers stay numbers, and a sign by
 * itself stays what it is.
 */
export function escapeFormula(cell: string): string {
  const trimmed = cell.trim();
  const isHarmless = trimmed.length <= 1 || isNumeric(trimmed) || SCIENTIFIC_NUMBER.test(trimmed);
  // Where the file is read with another separator, what follows one begins a cell.
  const withInnerEscapes = cell.replace(FORMULA_AFTER_SEPARATOR, (run) =>
    SEPARATOR.test(run) ? run + ESCAPE_PREFIX : run,
  );
  const startsFormula = !isHarmless && (STARTS_FORMULA.test(cell) || /^[\t\r]/.test(cell));
  return startsFormula && !/^\s*'/.test(cell) ? ESCAPE_PREFIX + withInnerEscapes : withInnerEscapes;
}

/** @returns the text with all cells guarded, and how many of them had to be */
export function escapeFormulas(text: string): { text: string; escapedCells: number } {
  const sheet = parseSheet(text);
  let escapedCells = 0;
  const rows = sheet.rows.map((row): Row => {
    const cells = row.cells.map(escapeFormula);
    const changed = cells.filter((cell, column) => cell !== row.cells[column]).length;
    escapedCells += changed;
    return changed === 0 ? row : { ...row, cells, source: null };
  });
  return escapedCells === 0
    ? { text, escapedCells }
    : { text: serializeSheet(createSheet(rows, sheet.dialect)), escapedCells };
}
