/** Escapes formulas, so that spreadsheet programs open a file without executing any. */
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { serializeSheet } from '@/artifacts/sheet/csv/write';
import { isNumeric } from '@/artifacts/sheet/numbers';
import { createSheet, type Row } from '@/artifacts/sheet/sheet';

/**
 * The characters that start a formula, also in full-width form, after characters that programs
 * skip: spaces, line breaks, control and format characters, quotes.
 */
const STARTS_FORMULA = /^[\s\p{Cc}\p{Cf}"']*[=+\-@＝＋－＠−]/u;
/** Possible separators before a formula. The lookbehind keeps the match linear. */
const FORMULA_AFTER_SEPARATOR = /(?<![,;|"\s])[,;|"\s]+(?=[=@＝＠]|[+\-＋－−][\p{L}(=@])/gu;
const SEPARATOR = /[,;\t|\r\n]/;
const SCIENTIFIC_NUMBER = /^[-+]?\d+(?:[.,]\d+)?e[-+]?\d{1,3}$/i;
/** An apostrophe makes a cell text: spreadsheet programs display it and execute nothing. */
const ESCAPE_PREFIX = "'";

/**
 * Escapes a cell. Returns it unchanged if nothing in it would be executed. Numbers and single
 * characters stay unchanged.
 */
export function escapeFormula(cell: string): string {
  const trimmed = cell.trim();
  const isHarmless = trimmed.length <= 1 || isNumeric(trimmed) || SCIENTIFIC_NUMBER.test(trimmed);
  // A program that uses another delimiter may start a new cell in the middle of this one.
  const withInnerEscapes = cell.replace(FORMULA_AFTER_SEPARATOR, (match) =>
    SEPARATOR.test(match) ? match + ESCAPE_PREFIX : match,
  );
  const startsFormula = !isHarmless && (STARTS_FORMULA.test(cell) || /^[\t\r]/.test(cell));
  return startsFormula && !/^\s*'/.test(cell) ? ESCAPE_PREFIX + withInnerEscapes : withInnerEscapes;
}

/** Returns the text with all formulas escaped, and the number of changed cells. */
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
