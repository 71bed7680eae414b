import type { Sheet } from '@/artifacts/sheet/sheet';

/** Formats a cell, in quotes if necessary. */
function formatCell(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell;
}

/** Formats cells as a row for a file or the clipboard. */
export function formatCells(cells: readonly string[], delimiter: string): string {
  return cells.map((cell) => formatCell(cell, delimiter)).join(delimiter);
}

/** Serializes the sheet. Unedited rows keep their source text, byte by byte. */
export function serializeSheet({ rows, dialect }: Sheet): string {
  const { delimiter, lineEnd, prefix, endsWithLineEnd } = dialect;
  const parts: string[] = [];
  rows.forEach((row, index) => {
    const text = row.source ?? formatCells(row.cells, delimiter);
    // An empty last row exists only by its line end.
    const needsLineEnd = index < rows.length - 1 || endsWithLineEnd || text === '';
    const end = needsLineEnd ? row.lineEnd || lineEnd : '';
    // A CR and the LF of an empty row would be read as one line end.
    const wouldMergeLineEnds = text === '' && end.startsWith('\n') && parts.at(-1)?.endsWith('\r');
    parts.push((wouldMergeLineEnds ? '""' : text) + end);
  });
  // A prefix of a file without rows may lack a line end; rows after it need one.
  const needsLineEnd = parts.length > 0 && /[^\uFEFF\r\n]$/.test(prefix);
  return prefix + (needsLineEnd ? lineEnd : '') + parts.join('');
}
