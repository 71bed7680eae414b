import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Blocks } from '@/components/markdown/markdown-nodes';
import { splitSegments } from '@/lib/client/markdown/block-segments';
import type { Block } from '@/lib/client/markdown/blocks';
import { parseMarkdown } from '@/lib/client/markdown/parse';
import { extendPageSyntax, type ParsedBlock, parseBlock } from '@/lib/client/markdown/parse-block';
import { MAX_SEGMENT_CHARS } from '@/lib/client/markdown/parser-limits';
import fc from '@/tests/support/fast-check';

const flow = (text: string): Block => ({ kind: 'flow', text });
const list = (text: string): Block => ({ kind: 'list', text });
const html = (nodes: ParsedBlock['nodes']) =>
  renderToStaticMarkup(createElement(Blocks, { nodes })).replace(/\s+/g, ' ');
const repeatLines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

const LONG: Record<string, Block> = {
  'a list': list(repeatLines(400, (i) => `- item **${i}** with \`code\` and more words\n`)),
  'a numbered list': list(repeatLines(400, (i) => `${i + 1}. item *${i}* with more words\n`)),
  'a nested list': list(
    repeatLines(150, (i) => `- item ${i}\n  - inner ${i}\n    1. deep ${i}\n    2. deep too\n`),
  ),
  'a list with one long item': list(
    `- all\n${repeatLines(400, (i) => `  - inner ${i} with words\n`)}- last\n`,
  ),
  'a list with code': list(
    repeatLines(
      150,
      (i) => `- item ${i}\n  \`\`\`js\n  const a = ${i};\n\n  - no item\n  \`\`\`\n`,
    ),
  ),
  'a paragraph of one line': flow(repeatLines(1_000, (i) => `word ${i} and **bold** `)),
  'a paragraph of many lines': flow(repeatLines(600, (i) => `Line ${i} with *some* words\n`)),
  'a table': flow(`| a | b |\n|---|--:|\n${repeatLines(400, (i) => `| row ${i} | **${i}** |\n`)}`),
  'a quotation': flow(repeatLines(200, (i) => `> Words ${i} of somebody\n>\n> - and a list\n>\n`)),
  headings: flow(repeatLines(300, (i) => `# Heading ${i}\n`)),
};

describe('a long block in segments', () => {
  it.each(Object.entries(LONG))('is parsed to the same tree as the whole block: %s', (_, block) => {
    const segments = splitSegments(block);
    expect(segments.length).toBeGreaterThan(2);
    const wholeTree = parseMarkdown(block.text, extendPageSyntax()).children;
    expect(html(parseBlock(block, extendPageSyntax()).nodes)).toBe(html(wholeTree));
  });

  it('is parsed only at its end while it grows', () => {
    for (const { kind, text } of Object.values(LONG)) {
      let before: ParsedBlock | undefined;
      for (let end = 500; end < text.length; end += 500) {
        const now = parseBlock(
          { kind, text: text.slice(0, end) },
          extendPageSyntax(),
          true,
          before,
        );
        // All segments except the last one are the same objects.
        const finishedSegments = before?.segments.slice(0, -1) ?? [];
        expect(finishedSegments.every((parsed, index) => parsed === now.segments[index])).toBe(
          true,
        );
        before = now;
      }
    }
  });

  const fragment = fc.constantFrom(
    'word ',
    'words of a line\n',
    '\n',
    '- a\n',
    '  - b\n',
    '    - c\n',
    '1. x\n',
    '> q\n',
    '>\n',
    '```\n',
    '  ```\n',
    '| a | b |\n',
    '|---|---|\n',
    '# h\n',
    '**',
    '`',
    '[',
    '](',
    'x'.repeat(900),
    '日本語'.repeat(300),
    '🙂'.repeat(200),
    '<div>\n',
    '===\n',
    '    deep\n',
    '> > - ',
  );
  const longBlock = fc
    .array(fragment, { minLength: 20, maxLength: 400 })
    .map((all) => all.join(''));
  const kind = fc.constantFrom<Block['kind']>('flow', 'list', 'html');

  it('has bounded segments, which join to the text and of which only the last one changes', () => {
    fc.assert(
      fc.property(kind, longBlock, fc.nat(), (kind, text, at) => {
        const segments = splitSegments({ kind, text });
        expect(segments.map((one) => one.text).join('')).toBe(text);
        for (const one of segments) expect(one.text.length).toBeLessThanOrEqual(MAX_SEGMENT_CHARS);
        const prefixSegments = splitSegments({ kind, text: text.slice(0, at % (text.length + 1)) });
        expect(segments.slice(0, prefixSegments.length - 1)).toEqual(prefixSegments.slice(0, -1));
      }),
      { numRuns: 200 },
    );
  });
});
