import type { Sheet } from '@/artifacts/sheet/sheet';

/** A cell, in quotes where it needs them. */
function formatCell(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell;
}

/** Cells as text that can be read again: of a row of a file, or for the clipboard. */
export function formatCells(cells: readonly string[], delimiter: string): string {
  return cells.map((cell) => formatCell(cell, delimiter)).join(delimiter);
}

/** The sheet as text. Rows that nobody touched are what they were, to the byte. */
export function serializeSheet({ rows, dialect }: Sheet): string {
  const { delimiter, lineEnd, prefix, endsWithLineEnd } = dialect;
  const parts: string[] = [];
  rows.forEach((row, index) => {
    const text = row.source ?? formatCells(row.cells, delimiter);
    // An empty last row is one only by its line end.
    const needsLineEnd = index < rows.length - 1 || endsWithLineEnd || text === '';
    const end = needsLineEnd ? row.lineEnd || lineEnd : '';
    // A return and the line feed of an empty row would be read as one line end.
    const wouldMergeLineEnds = text === '' && end.startsWith('\n') && parts.at(-1)?.endsWith('\r');
    parts.push((wouldMergeLineEnds ? '""' : text) + end);
  });
  // A prefix that is all there is may end without a line end.
  const wouldMergeLineEnds = parts.length > 0 && /[^\uFEFF\r\n]$/.test(prefix);
  return prefix + (wouldMergeLineEnds ? lineEnd : '') + parts.join('');
}
