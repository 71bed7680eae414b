import { describe, expect, it } from 'vitest';
import { type Comparison, compare, type DiffLine } from '@/components/artifact/diff/compare';
import { fold } from '@/components/artifact/diff/fold';
import { endsOf } from '@/components/artifact/diff/words';
import fc from '@/tests/support/fast-check';

/** One side of a comparison, as lines of cells. */
function side({ lines }: Comparison, which: 'before' | 'after'): string[][] {
  const left = which === 'before' ? 'removed' : 'added';
  return lines
    .filter((line) => line[which] !== null)
    .map(({ cells }) =>
      cells.map((pieces) =>
        pieces
          .filter(({ change }) => change === 'same' || change === left)
          .map(({ text }) => text)
          .join(''),
      ),
    );
}

const changes = ({ lines }: Comparison) => lines.map(({ change }) => change).join(' ');
const marked = ({ cells }: DiffLine) =>
  cells.map((pieces) =>
    pieces
      .map(
        ({ text, change }) =>
          ({ same: text, removed: `[-${text}-]`, added: `{+${text}+}` })[change],
      )
      .join(''),
  );

describe('a comparison of texts', () => {
  it('marks the words that changed within a paragraph', () => {
    const { lines } = compare(
      'One.\n\nThe quick brown fox jumps.\n',
      'One.\n\nThe slow brown fox jumps.\n',
      'prose',
    );
    expect(lines.map(({ change }) => change)).toEqual(['same', 'same', 'changed']);
    expect(lines.slice(-1).flatMap(marked)).toEqual(['The [-quick-]{+slow+} brown fox jumps.']);
  });

  it('finds the line that a changed one was made from among new ones', () => {
    const result = compare(
      'const total = price * count;\n',
      '// With tax.\nlet rate = 0.2;\nconst total = price * count * rate;\n',
      'code',
    );
    expect(changes(result)).toBe('added added changed');
  });

  it('keeps apart lines that have nothing in common', () => {
    expect(changes(compare('alpha beta\n', 'gamma delta\n', 'prose'))).toBe('removed added');
  });

  it('marks words of scripts without spaces', () => {
    const { lines } = compare('我喜欢绿色的茶。', '我喜欢红色的茶。', 'prose');
    expect(lines.flatMap(marked)).toEqual(['我喜欢[-绿色-]{+红色+}的茶。']);
  });

  it('says nothing of line ends', () => {
    expect(changes(compare('a\r\nb\r\n', 'a\nb', 'code'))).toBe('same same');
  });

  it('holds both versions, whatever they are', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom('a', 'b c', 'b d', '', 'x y z'), fc.string()), {
        maxLength: 12,
      })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const result = compare(before, after, 'prose');
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

  it('compares a megabyte that is all different', () => {
    const made = (word: string) =>
      Array.from({ length: 22_000 }, (_, i) => `${word}${i} has its own ${word} ${i * 7}`).join(
        '\n',
      );
    const { lines } = compare(made('alpha'), made('omega'), 'prose');
    expect(lines.length).toBeGreaterThanOrEqual(22_000);
  });
});

describe('a comparison of sheets', () => {
  const rows = (before: string, after: string) =>
    compare(before, after, 'table').lines.map(
      (line) => `${line.change}: ${marked(line).join('|')}`,
    );

  it('marks the cells that changed, whatever the quotes', () => {
    expect(rows('name,price\nTea,"2"\nMilk,1\n', 'name,price\n"Tea",3\nMilk,1\n')).toEqual([
      'same: name|price',
      'changed: Tea|[-2-]{+3+}',
      'same: Milk|1',
    ]);
  });

  it('finds rows and columns that came and went', () => {
    expect(rows('name,price\nTea,2\nMilk,1\n', 'name,unit,price\nTea,cup,2\n')).toEqual([
      'changed: name|{+unit+}|price',
      'changed: Tea|{+cup+}|2',
      'removed: [-Milk-]||[-1-]',
    ]);
  });

  it('takes a new name of a column for one', () => {
    expect(rows('name,price\nTea,2\n', 'name,cost\nTea,2\n')).toEqual([
      'changed: name|[-price-]{+cost+}',
      'same: Tea|2',
    ]);
  });

  it('compares a very wide sheet as text', () => {
    const wide = Array.from({ length: 300 }, (_, i) => `c${i}`).join(',');
    const { lines } = compare(wide, `${wide},more`, 'table');
    expect(lines.map(({ cells }) => cells.length)).toEqual([1]);
  });

  it('compares 20,000 rows of which many changed', () => {
    const sheet = (step: number) =>
      Array.from({ length: 20_000 }, (_, i) => `${i},Name ${i},${i % 7 === 0 ? i * step : i}`).join(
        '\n',
      );
    const { lines } = compare(sheet(2), sheet(3), 'table');
    expect(lines.length).toBeGreaterThanOrEqual(20_000);
  });
});

describe('folding', () => {
  it('shows three lines around a change and folds the rest', () => {
    const before = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    const after = before.with(20, 'something else');
    const { lines } = compare(before.join('\n'), after.join('\n'), 'prose');
    const shape = fold(lines).map(
      ({ folded, lines: { length } }) => `${folded ? '-' : '+'}${length}`,
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
        expect(fold(lines).flatMap((stretch) => stretch.lines)).toEqual(lines);
      }),
    );
  });
});

describe('a line of a megabyte', () => {
  const words = 'word '.repeat(200_000);
  const changed = `${words.slice(0, 500_000)}other ${words.slice(500_005)}`;

  it('is compared by what is between the ends that both versions have', () => {
    const [line] = compare(`${words}\n`, `${changed}\n`, 'code').lines;
    const pieces = line?.cells[0] ?? [];
    expect(pieces.map(({ change }) => change)).toEqual(['same', 'removed', 'added', 'same']);
    expect(pieces[1]?.text).toBe('word');
    expect(pieces[2]?.text).toBe('other');
  });

  it('is compared whole characters at a time where it has no words', () => {
    const [line] = compare('😀'.repeat(20_000), `${'😀'.repeat(10_000)}😁`, 'code').lines;
    for (const { text } of line?.cells[0] ?? []) expect(text.isWellFormed()).toBe(true);
  });

  it('is shown by its ends, and the rest is said', () => {
    expect(endsOf('x'.repeat(20_000))).toBeNull();
    const ends = endsOf(words);
    expect(ends?.start.length).toBeLessThanOrEqual(1_000);
    expect(ends?.hidden).toBeGreaterThan(990_000);
    const emoji = endsOf(`x${'😀'.repeat(20_000)}`);
    expect(emoji?.start.isWellFormed()).toBe(true);
    expect(emoji?.end.isWellFormed()).toBe(true);
  });
});

it('more lines than a call takes arguments are compared, where all of them are new', () => {
  expect(compare('', 'x\n'.repeat(150_000), 'prose').lines.length).toBe(150_000);
});
