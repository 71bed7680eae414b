import { diffArrays } from 'diff';
import { similarity } from '@/lib/client/documents/diff/diff-words';

/** Timeout for aligning lines. After it, the changed range counts as one block. */
const ALIGN_TIMEOUT_MS = 1_500;
/** Lines with a lower similarity do not count as a changed pair. */
const MIN_SIMILARITY = 0.4;
/**
 * Maximum number of line pairs compared to find the best match; larger ranges are paired in order.
 */
const MAX_COMPARED_PAIRS = 4_000;

/** A line of one version, or a pair of corresponding lines; indexes from 0. */
export type AlignedLine =
  | { change: 'same' | 'changed'; before: number; after: number }
  | { change: 'removed'; before: number }
  | { change: 'added'; after: number };

export type Alignment = {
  lines: AlignedLine[];
  /** Whether the alignment timed out, so that only the common start and end were matched. */
  coarse: boolean;
};

/** Aligns the lines of two versions, in order. Takes three seconds at most. */
export function alignLines(before: readonly string[], after: readonly string[]): Alignment {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  const lines: AlignedLine[] = [];
  const pushUnchanged = (from: number, to: number, count: number) => {
    for (let i = 0; i < count; i++) lines.push({ change: 'same', before: from + i, after: to + i });
  };
  pushUnchanged(0, 0, start);
  const removed = before.slice(start, before.length - end);
  const added = after.slice(start, after.length - end);
  const changes = diffArrays(removed, added, { timeout: ALIGN_TIMEOUT_MS });
  if (changes) pushChanges(lines, changes, { before, after, start, same: pushUnchanged });
  else pushChangedLines(lines, { before, after }, [start, removed.length], [start, added.length]);
  pushUnchanged(before.length - end, after.length - end, end);
  return { lines, coarse: !changes };
}

type ArrayChanges = NonNullable<ReturnType<typeof diffArrays<string>>>;

function pushChanges(
  lines: AlignedLine[],
  changes: ArrayChanges,
  versions: {
    before: readonly string[];
    after: readonly string[];
    start: number;
    same: (from: number, to: number, count: number) => void;
  },
) {
  let from = versions.start;
  let to = versions.start;
  for (let i = 0; i < changes.length; ) {
    const counts = { removed: 0, added: 0 };
    for (let change = changes[i]; change?.removed || change?.added; change = changes[++i]) {
      counts[change.removed ? 'removed' : 'added'] += change.count;
    }
    pushChangedLines(lines, versions, [from, counts.removed], [to, counts.added]);
    from += counts.removed;
    to += counts.added;
    const count = changes[i++]?.count ?? 0;
    versions.same(from, to, count);
    from += count;
    to += count;
  }
}

type LineRange = [from: number, count: number];

/** Aligns the lines of a changed range and adds them to `lines`; similar lines become pairs. */
function pushChangedLines(
  lines: AlignedLine[],
  { before, after }: { before: readonly string[]; after: readonly string[] },
  [from, removed]: LineRange,
  [to, added]: LineRange,
): void {
  const similarityAt = (i: number, j: number) =>
    similarity(before[from + i] ?? '', after[to + j] ?? '');
  const matches =
    removed * added <= MAX_COMPARED_PAIRS
      ? bestMatch(removed, added, similarityAt)
      : matchInOrder(removed, added, similarityAt);
  let i = 0;
  let j = 0;
  for (const [left, right] of [...matches, [removed, added] as const]) {
    while (i < left) lines.push({ change: 'removed', before: from + i++ });
    while (j < right) lines.push({ change: 'added', after: to + j++ });
    if (left < removed && right < added) {
      lines.push({ change: 'changed', before: from + i++, after: to + j++ });
    }
  }
}

type SimilarityAt = (i: number, j: number) => number;

function matchInOrder(
  removed: number,
  added: number,
  similarityAt: SimilarityAt,
): Array<[number, number]> {
  const matches: Array<[number, number]> = [];
  for (let i = 0; i < Math.min(removed, added); i++)
    if (similarityAt(i, i) >= MIN_SIMILARITY) matches.push([i, i]);
  return matches;
}

/**
 * Finds the in-order pairs with the highest total similarity (a weighted longest common
 * subsequence).
 */
function bestMatch(
  removed: number,
  added: number,
  similarityAt: SimilarityAt,
): Array<[number, number]> {
  const width = added + 1;
  const score = new Float64Array((removed + 1) * width);
  const paired = new Uint8Array((removed + 1) * width);
  for (let i = removed - 1; i >= 0; i--) {
    for (let j = added - 1; j >= 0; j--) {
      const weight = similarityAt(i, j);
      const skip = Math.max(score[(i + 1) * width + j] ?? 0, score[i * width + j + 1] ?? 0);
      const take = weight >= MIN_SIMILARITY ? weight + (score[(i + 1) * width + j + 1] ?? 0) : 0;
      paired[i * width + j] = take > skip ? 1 : 0;
      score[i * width + j] = Math.max(take, skip);
    }
  }
  const matches: Array<[number, number]> = [];
  for (let i = 0, j = 0; i < removed && j < added; ) {
    if (paired[i * width + j]) matches.push([i++, j++]);
    else if ((score[(i + 1) * width + j] ?? 0) >= (score[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return matches;
}
