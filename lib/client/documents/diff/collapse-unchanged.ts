import type { DiffLine } from '@/lib/client/documents/diff/types';

/** Number of unchanged lines displayed around each change. */
const CONTEXT_LINES = 3;

/** A group of lines: visible, or collapsed because nothing changed in it. */
export type LineGroup = { collapsed: boolean; lines: DiffLine[] };

/** Groups lines and collapses those far from any change, if that hides more than one line. */
export function collapseUnchanged(lines: readonly DiffLine[]): LineGroup[] {
  const isNearChange = new Uint8Array(lines.length);
  lines.forEach(({ change }, index) => {
    if (change !== 'same')
      isNearChange.fill(1, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1);
  });
  const groups: LineGroup[] = [];
  for (let from = 0; from < lines.length; ) {
    let to = from + 1;
    while (to < lines.length && isNearChange[to] === isNearChange[from]) to++;
    const collapsed = !isNearChange[from] && to - from > 1;
    const last = groups.at(-1);
    if (last?.collapsed === collapsed) last.lines = last.lines.concat(lines.slice(from, to));
    else groups.push({ collapsed, lines: lines.slice(from, to) });
    from = to;
  }
  return groups;
}

export type ChangeCounts = { added: number; removed: number; changed: number };

export function countChanges(lines: readonly DiffLine[]): ChangeCounts {
  const counts: ChangeCounts = { added: 0, removed: 0, changed: 0 };
  for (const { change } of lines) if (change !== 'same') counts[change]++;
  return counts;
}
