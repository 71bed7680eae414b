/** Longer cells do not count as numbers. */
const MAX_NUMBER_CHARS = 40;
/** Digits with sign, spaces and separators, optionally with a currency or percent sign. */
const NUMERIC = /^[-+−]?\s?\p{Sc}?\s?[-+−]?\d[\d.,'’\s]*(?:%|\p{Sc})?$/u;

/** Groups of thousands. A leading 0 belongs to a decimal number: "0,125" is 0.125. */
const COMMA_GROUPS = /^[-+]?[1-9]\d{0,2}(?:,\d{3})+$/;
const POINT_GROUPS = /^[-+]?[1-9]\d{0,2}(?:\.\d{3}){2,}$/;

/** Whether a cell looks like a number; such cells are right-aligned. */
export function isNumeric(cell: string): boolean {
  return cell.length <= MAX_NUMBER_CHARS && NUMERIC.test(cell.trim());
}

/**
 * Returns the value of a cell that looks like a number, else null. The last of point and comma is
 * the decimal separator, unless it groups thousands: "1,234" is 1234, and "1.234.567" is 1234567.
 * Currency and percent signs are ignored: "5 %" is 5.
 */
export function parseNumber(cell: string): number | null {
  if (!isNumeric(cell)) return null;
  let digits = cell.replace('−', '-').replace(/[^\d.,+-]/g, '');
  const point = digits.lastIndexOf('.');
  const comma = digits.lastIndexOf(',');
  const decimal = comma > point && !(point < 0 && COMMA_GROUPS.test(digits)) ? ',' : '.';
  digits = digits.replaceAll(decimal === ',' ? '.' : ',', '').replace(',', '.');
  if (POINT_GROUPS.test(digits)) digits = digits.replaceAll('.', '');
  const value = Number(digits);
  return Number.isFinite(value) ? value : null;
}
