import type { Row } from './row';

const HEADS = ['what', 'control', 'ours', 'budget', 'within?'];

function formatCells({ label, control, measured, budget, within }: Row): string[] {
  return [label, control, measured, budget, within === null ? '—' : within ? 'yes' : '**no**'];
}

/** Formats the rows as a Markdown table with aligned columns. */
export function formatTable(rows: Row[]): string {
  const lines = [HEADS, ...rows.map(formatCells)];
  const widths = HEADS.map((_, i) =>
    Math.max(...lines.map((cells) => [...(cells[i] ?? '')].length)),
  );
  const formatRow = (cells: string[]) =>
    `| ${cells.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - [...cell].length)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [formatRow(HEADS), rule, ...lines.slice(1).map(formatRow)].join('\n');
}
