/** Longer cells are no numbers that anybody reads. */
const MAX_NUMBER_CHARS = 40;
/** Digits with their signs, spaces and separators, perhaps with a currency or a percent sign. */
const NUMERIC = /^[-+−]?\s?\p{Sc}?\s?[-+−]?\d[\d.,'’\s]*(?:%|\p{Sc})?$/u;

/** Whether a cell reads as a number, and is set to the right. */
export function isNumeric(cell: string): boolean {
  return cell.length <= MAX_NUMBER_CHARS && NUMERIC.test(cell.trim());
}

/**
 * The value of a cell that reads as a number, else null. Of points and commas the last kind is the
 * decimal one, unless it stands before each group of three: "1,234" is a thousand and more.
 */
export function parseNumber(cell: string): number | null {
  if (!isNumeric(cell)) return null;
  let digits = cell.replace('−', '-').replace(/[^\d.,+-]/g, '');
  const point = digits.lastIndexOf('.');
  const comma = digits.lastIndexOf(',');
  const decimal =
    comma > point && !(point < 0 && /^[-+]?\d{1,3}(?:,\d{3})+$/.test(digits)) ? ',' : '.';
  digits = digits.replaceAll(decimal === ',' ? '.' : ',', '').replace(',', '.');
  if (/^[-+]?\d{1,3}(?:\.\d{3}){2,}$/.test(digits)) digits = digits.replaceAll('.', '');
  const value = Number(digits);
  return Number.isFinite(value) ? value : null;
}
