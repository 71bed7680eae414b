import { describe, expect, it } from 'vitest';
import { compareVersions } from '@/components/documents/diff/compare-versions';
import { collapseUnchanged } from '@/lib/client/documents/diff/collapse-unchanged';
import { truncateMiddle } from '@/lib/client/documents/diff/diff-words';
import type { DiffLine, VersionDiff } from '@/lib/client/documents/diff/types';
import fc from '@/tests/support/fast-check';

/** One side of a comparison as lines of cells. */
function side({ lines }: VersionDiff, which: 'before' | 'after'): string[][] {
  const excludedChange = which === 'before' ? 'removed' : 'added';
  return lines
    .filter((line) => line[which] !== null)
    .map(({ cells }) =>
      cells.map((segments) =>
        segments
          .filter(({ change }) => change === 'same' || change === excludedChange)
          .map(({ text }) => text)
          .join(''),
      ),
    );
}

const changes = ({ lines }: VersionDiff) => lines.map(({ change }) => change).join(' ');
const marked = ({ cells }: DiffLine) =>
  cells.map((segments) =>
    segments
      .map(
        ({ text, change }) =>
          ({ same: text, removed: `[-${text}-]`, added: `{+${text}+}` })[change],
      )
      .join(''),
  );

describe('a comparison of texts', () => {
  it('marks the changed words within a paragraph', () => {
    const { lines } = compareVersions(
      'One.\n\nThe quick brown fox jumps.\n',
      'One.\n\nThe slow brown fox jumps.\n',
      'prose',
    );
    expect(lines.map(({ change }) => change)).toEqual(['same', 'same', 'changed']);
    expect(lines.slice(-1).flatMap(marked)).toEqual(['The [-quick-]{+slow+} brown fox jumps.']);
  });

  it('pairs a changed line with its original among new lines', () => {
    const result = compareVersions(
      'const total = price * count;\n',
      '// With tax.\nlet rate = 0.2;\nconst total = price * count * rate;\n',
      'source',
    );
    expect(changes(result)).toBe('added added changed');
  });

  it('does not pair lines that have nothing in common', () => {
    expect(changes(compareVersions('alpha beta\n', 'gamma delta\n', 'prose'))).toBe(
      'removed added',
    );
  });

  it('marks words in scripts without spaces', () => {
    const { lines } = compareVersions('我喜欢绿色的茶。', '我喜欢红色的茶。', 'prose');
    expect(lines.flatMap(marked)).toEqual(['我喜欢[-绿色-]{+红色+}的茶。']);
  });

  it('ignores line endings', () => {
    expect(changes(compareVersions('a\r\nb\r\n', 'a\nb', 'source'))).toBe('same same');
  });

  it('contains both versions for any two texts', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom('a', 'b c', 'b d', '', 'x y z'), fc.string()), {
        maxLength: 12,
      })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const result = compareVersions(before, after, 'prose');
        const linesOf = (value: string) => {
          const lines = value.split(/\r\n|\n|\r/);
          if (lines.at(-1) === '') lines.pop();
          return lines.map((line) => [line]);
        };
        expect(side(result, 'before')).toEqual(linesOf(before));
        expect(side(result, 'after')).toEqual(linesOf(after));
      }),
    );
  });

  it('compares a megabyte of different text', () => {
    const makeText = (word: string) =>
      Array.from({ length: 22_000 }, (_, i) => `${word}${i} has its own ${word} ${i * 7}`).join(
        '\n',
      );
    const { lines } = compareVersions(makeText('alpha'), makeText('omega'), 'prose');
    expect(lines.length).toBeGreaterThanOrEqual(22_000);
  });
});

describe('a comparison of tables', () => {
  const rows = (before: string, after: string) =>
    compareVersions(before, after, 'table').lines.map(
      (line) => `${line.change}: ${marked(line).join('|')}`,
    );

  it('marks the changed cells, ignoring quotes', () => {
    expect(rows('name,price\nTea,"2"\nMilk,1\n', 'name,price\n"Tea",3\nMilk,1\n')).toEqual([
      'same: name|price',
      'changed: Tea|[-2-]{+3+}',
      'same: Milk|1',
    ]);
  });

  it('detects added and removed rows and columns', () => {
    expect(rows('name,price\nTea,2\nMilk,1\n', 'name,unit,price\nTea,cup,2\n')).toEqual([
      'changed: name|{+unit+}|price',
      'changed: Tea|{+cup+}|2',
      'removed: [-Milk-]||[-1-]',
    ]);
  });

  it('treats a renamed column as the same column', () => {
    expect(rows('name,price\nTea,2\n', 'name,cost\nTea,2\n')).toEqual([
      'changed: name|[-price-]{+cost+}',
      'same: Tea|2',
    ]);
  });

  it('compares a very wide table as text', () => {
    const wide = Array.from({ length: 300 }, (_, i) => `c${i}`).join(',');
    const { lines } = compareVersions(wide, `${wide},more`, 'table');
    expect(lines.map(({ cells }) => cells.length)).toEqual([1]);
  });

  it('compares 20,000 rows with many changes', () => {
    const sheet = (step: number) =>
      Array.from({ length: 20_000 }, (_, i) => `${i},Name ${i},${i % 7 === 0 ? i * step : i}`).join(
        '\n',
      );
    const { lines } = compareVersions(sheet(2), sheet(3), 'table');
    expect(lines.length).toBeGreaterThanOrEqual(20_000);
  });
});

describe('folding of unchanged lines', () => {
  it('keeps three lines around a change', () => {
    const before = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    const after = before.with(20, 'something else');
    const { lines } = compareVersions(before.join('\n'), after.join('\n'), 'prose');
    const shape = collapseUnchanged(lines).map(
      ({ collapsed, lines: { length } }) => `${collapsed ? '-' : '+'}${length}`,
    );
    expect(shape).toEqual(['-17', '+8', '-16']);
  });

  it('loses no line', () => {
    const change = fc.constantFrom('same', 'same', 'same', 'changed', 'added', 'removed');
    const line = change.map(
      (kind) => ({ change: kind, before: 1, after: 1, cells: [] }) as DiffLine,
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        expect(collapseUnchanged(lines).flatMap((block) => block.lines)).toEqual(lines);
      }),
    );
  });
});

describe('a line of a megabyte', () => {
  const longText = 'word '.repeat(200_000);
  const changed = `${longText.slice(0, 500_000)}other ${longText.slice(500_005)}`;

  it('is compared between the prefix and suffix that both versions share', () => {
    const [line] = compareVersions(`${longText}\n`, `${changed}\n`, 'source').lines;
    const segments = line?.cells[0] ?? [];
    expect(segments.map(({ change }) => change)).toEqual(['same', 'removed', 'added', 'same']);
    expect(segments[1]?.text).toBe('word');
    expect(segments[2]?.text).toBe('other');
  });

  it('is compared by whole characters if it has no words', () => {
    const [line] = compareVersions('😀'.repeat(20_000), `${'😀'.repeat(10_000)}😁`, 'source').lines;
    for (const { text } of line?.cells[0] ?? []) expect(text.isWellFormed()).toBe(true);
  });

  it('is displayed by its start and end, with the number of hidden characters', () => {
    expect(truncateMiddle('x'.repeat(20_000))).toBeNull();
    const shortened = truncateMiddle(longText);
    expect(shortened?.start.length).toBeLessThanOrEqual(1_000);
    expect(shortened?.hidden).toBeGreaterThan(990_000);
    const emoji = truncateMiddle(`x${'😀'.repeat(20_000)}`);
    expect(emoji?.start.isWellFormed()).toBe(true);
    expect(emoji?.end.isWellFormed()).toBe(true);
  });
});

it('more added lines than a function call can take as arguments are compared', () => {
  expect(compareVersions('', 'x\n'.repeat(150_000), 'prose').lines.length).toBe(150_000);
});
