/** Builds a table from rows of any kind. */
import { MAX_TABLE_ROWS, type OutputItem } from '@/artifacts/code/execution/protocol';

type Table = Extract<OutputItem, { type: 'table' }>;

/**
 * Accepts a list of objects (columns by key), of lists (columns by index) or of single values, or
 * an object of rows by name. Returns null for other data.
 * @param formatValue formats one value
 * @param selectedColumns the columns to show; all by default
 */
export function buildTable(
  data: unknown,
  formatValue: (value: unknown) => string,
  selectedColumns?: readonly string[],
): Table | null {
  if (typeof data !== 'object' || data === null) return null;
  const namedRows = Array.isArray(data)
    ? data.map((row, index) => [String(index), row])
    : Object.entries(data);
  const visibleRows = namedRows.slice(0, MAX_TABLE_ROWS) as Array<[string, unknown]>;
  const columns = new Set<string>();
  let hasValues = false;
  for (const [, row] of visibleRows) {
    if (isRow(row)) for (const key of Object.keys(row)) columns.add(key);
    else hasValues = true;
  }
  const visibleColumns = selectedColumns ?? [...columns];
  const cell = (value: unknown) => (typeof value === 'string' ? value : formatValue(value));
  return {
    type: 'table',
    columns: ['', ...visibleColumns, ...(hasValues ? ['value'] : [])],
    rows: visibleRows.map(([name, row]) => {
      const cells = visibleColumns.map((key) =>
        isRow(row) && key in row ? cell((row as Record<string, unknown>)[key]) : '',
      );
      return [name, ...cells, ...(hasValues ? [isRow(row) ? '' : cell(row)] : [])];
    }),
    omittedRowCount: namedRows.length - visibleRows.length,
  };
}

function isRow(row: unknown): row is object {
  return typeof row === 'object' && row !== null && !(row instanceof Date);
}
