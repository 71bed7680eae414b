/** Rows of whatever kind as a table. */
import { type OutputItem, TABLE_LIMIT_ROWS } from '../run/protocol';

type Table = Extract<OutputItem, { type: 'table' }>;

/**
 * A list of objects (columns by key), of lists (columns by number) or of single values; an object of
 * rows, by name. Null where the data is no rows.
 * @param write one value as text
 * @param only the columns to show, where not all
 */
export function tableOf(
  data: unknown,
  write: (value: unknown) => string,
  only?: readonly string[],
): Table | null {
  if (typeof data !== 'object' || data === null) return null;
  const named = Array.isArray(data)
    ? data.map((row, index) => [String(index), row])
    : Object.entries(data);
  const kept = named.slice(0, TABLE_LIMIT_ROWS) as Array<[string, unknown]>;
  const columns = new Set<string>();
  let hasValues = false;
  for (const [, row] of kept) {
    if (isRow(row)) for (const key of Object.keys(row)) columns.add(key);
    else hasValues = true;
  }
  const shown = only ?? [...columns];
  const cell = (value: unknown) => (typeof value === 'string' ? value : write(value));
  return {
    type: 'table',
    columns: ['', ...shown, ...(hasValues ? ['value'] : [])],
    rows: kept.map(([name, row]) => {
      const cells = shown.map((key) =>
        isRow(row) && key in row ? cell((row as Record<string, unknown>)[key]) : '',
      );
      return [name, ...cells, ...(hasValues ? [isRow(row) ? '' : cell(row)] : [])];
    }),
    more: named.length - kept.length,
  };
}

function isRow(row: unknown): row is object {
  return typeof row === 'object' && row !== null && !(row instanceof Date);
}
