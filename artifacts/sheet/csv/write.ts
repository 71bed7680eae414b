import type { Sheet } from '@/artifacts/sheet/sheet';

/** A cell, in quotes where it needs them. */
function writeCell(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell;
}

/** Cells as text that can be read again: of a row of a file, or for the clipboard. */
export function writeCells(cells: readonly string[], delimiter: string): string {
  return cells.map((cell) => writeCell(cell, delimiter)).join(delimiter);
}

/** The sheet as text. Rows that nobody touched are what they were, to the byte. */
export function writeSheet({ rows, dialect }: Sheet): string {
  const { delimiter, lineEnd, prefix, endsWithLineEnd } = dialect;
  const parts: string[] = [];
  rows.forEach((row, index) => {
    const text = row.source ?? writeCells(row.cells, delimiter);
    // An empty last row is one only by its line end.
    const ends = index < rows.length - 1 || endsWithLineEnd || text === '';
    const end = ends ? row.lineEnd || lineEnd : '';
    // A return and the line feed of an empty row would be read as one line end.
    const joins = text === '' && end.startsWith('\n') && parts.at(-1)?.endsWith('\r');
    parts.push((joins ? '""' : text) + end);
  });
  // A prefix that is all there is may end without a line end.
  const joins = parts.length > 0 && /[^\uFEFF\r\n]$/.test(prefix);
  return prefix + (joins ? lineEnd : '') + parts.join('');
}
