import type { DiffLine } from '@/components/artifact/diff/compare';

/** Lines that stayed, shown around each change. */
const CONTEXT = 3;

/** A stretch of the comparison: shown, or folded away because nothing changed in it. */
export type Stretch = { folded: boolean; lines: DiffLine[] };

/** Folds away what is far from any change, where that saves more than a line. */
export function fold(lines: readonly DiffLine[]): Stretch[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ change }, index) => {
    if (change !== 'same') near.fill(1, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  });
  const stretches: Stretch[] = [];
  for (let from = 0; from < lines.length; ) {
    let to = from + 1;
    while (to < lines.length && near[to] === near[from]) to++;
    const folded = !near[from] && to - from > 1;
    const last = stretches.at(-1);
    if (last?.folded === folded) last.lines = last.lines.concat(lines.slice(from, to));
    else stretches.push({ folded, lines: lines.slice(from, to) });
    from = to;
  }
  return stretches;
}

export type Counts = { added: number; removed: number; changed: number };

export function countChanges(lines: readonly DiffLine[]): Counts {
  const counts: Counts = { added: 0, removed: 0, changed: 0 };
  for (const { change } of lines) if (change !== 'same') counts[change]++;
  return counts;
}
