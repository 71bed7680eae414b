import { describe, expect, it } from 'vitest';
import { boundedMarkdown } from '@/artifacts/code/editor/markdown-grammar';
import { expectLinear } from '@/tests/support/linear-time';

const { parser } = boundedMarkdown().language;
const namesIn = (text: string) => {
  const names = new Set<string>();
  parser.parse(text).iterate({ enter: ({ name }) => void names.add(name) });
  return names;
};

describe('the Markdown grammar of the editor', () => {
  it('recognizes headings, emphasis, links, lists and quotations', () => {
    const names = namesIn('# A\n\n**b** and [c](d)\n\n- e\n  - f\n\n> g\n');
    for (const name of ['ATXHeading1', 'StrongEmphasis', 'Link', 'BulletList', 'Blockquote']) {
      expect(names).toContain(name);
    }
  });

  it.each(['**a*', '[a](', '[a](\n', '/*', '[', '`a'])(
    'takes linear time for a repeated %o',
    (unit) => {
      expectLinear((size) => {
        const text = unit.repeat(size);
        return () => parser.parse(text);
      }, 1_500);
    },
  );

  it('stops at extreme nesting and continues after it', () => {
    const names = namesIn(`${'> - '.repeat(20_000)}\n\n# After\n`);
    expect(names).toContain('ATXHeading1');
    expect(names).not.toContain('Blockquote');
  });
});
