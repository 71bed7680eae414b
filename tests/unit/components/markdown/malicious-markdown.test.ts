import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { parseForExport } from '@/artifacts/text/export/parse-for-export';
import { Markdown } from '@/components/markdown/markdown';
import { Blocks } from '@/components/markdown/markdown-nodes';
import { splitBlocks } from '@/lib/client/markdown/blocks';
import { findMath } from '@/lib/client/markdown/find-math';
import { parseMarkdown } from '@/lib/client/markdown/parse';
import { extendPageSyntax, parseBlock } from '@/lib/client/markdown/parse-block';
import { collectReferences } from '@/lib/client/markdown/references';

// React's production build, as in the app: this file takes a third less CPU with it.
vi.hoisted(() => vi.stubEnv('NODE_ENV', 'production'));

/** Each of these, repeated, takes a naive parser quadratic time or overflows its stack. */
const UNITS = [
  '- ',
  '>',
  '> ',
  '1. ',
  '- > ',
  '- [ ] ',
  'a\n=\n',
  'a\n-\n',
  'a\n',
  'a  \n',
  '**a*',
  '*a **',
  '*a_',
  '_a',
  '~~a',
  '*',
  '[',
  '[a',
  '![',
  '[a](',
  '[a](b',
  '[a][',
  ']',
  '[](',
  '[a]: b\n',
  '[^a]',
  '[^a]: b\n',
  '`',
  '` ',
  '`a``b```',
  '&',
  '&#',
  '<',
  '<a ',
  '<b>',
  '<div>',
  '<div>\n\n',
  '<!--',
  '<!-- ',
  '<?',
  '<![CDATA[',
  '<ul><li>',
  '<b><i>',
  'http://',
  'www.',
  'a@',
  'a@b.',
  'a_b@c_',
  'https://a.b/(',
  '|',
  '|a',
  '|a|\n|-|\n',
  '\\( x ',
  '\\[ x ',
  '$x ',
  '$$',
  '$`',
  '\\',
  '# a\n',
  '---\n',
  '```\n',
  '- ```\n',
  '    a\n\n',
  '- a\n',
  '+ a\n- b\n',
  '> a\nb\n',
  '\t',
  '(',
  '🙂',
  '**「',
  '__a__.b ',
  '\\*',
  '\u0000',
];
const SHAPES: Record<string, (length: number) => string> = {
  'a list indented further with each item': (length) => {
    let text = '';
    for (let depth = 0; text.length < length; depth++) text += `${' '.repeat(2 * depth)}- a\n`;
    return text;
  },
  'brackets within brackets': (length) => '['.repeat(length / 2) + ']'.repeat(length / 2),
  'images within images': (length) => `${'!['.repeat(length / 6)}a${'](b)'.repeat(length / 6)}`,
  'emphasis within emphasis': (length) => '*a '.repeat(length / 6) + 'b*'.repeat(length / 4),
  'tags within tags': (length) => '<div>'.repeat(length / 11) + '</div>'.repeat(length / 11),
  'runs of backticks of every length': (length) => {
    let text = '';
    for (let run = 1; text.length < length; run++) text += `${'`'.repeat(run)} `;
    return text;
  },
  'a table of thousands of columns': (length) => {
    const columns = length / 6;
    return `${'|a'.repeat(columns)}|\n${'|-'.repeat(columns)}|\n${'|b'.repeat(columns)}|\n`;
  },
  'a wide table of narrow rows': (length) =>
    `${'|a'.repeat(90)}|\n${'|-'.repeat(90)}|\n${'|b|\n'.repeat(length / 4)}`,
  'definitions and their references': (length) => {
    const indices = Array.from({ length: length / 16 }, (_, index) => index);
    return `${indices.map((index) => `[a${index}]: b\n`).join('')}\n${indices.map((index) => `[a${index}] `).join('')}`;
  },
  'footnotes and their references': (length) => {
    const indices = Array.from({ length: length / 20 }, (_, index) => index);
    return `${indices.map((index) => `[^${index}] `).join('')}\n\n${indices.map((index) => `[^${index}]: b\n\n`).join('')}`;
  },
};
const INPUTS: Array<[string, (length: number) => string]> = [
  ...UNITS.map((unit): [string, (length: number) => string] => [
    JSON.stringify(unit),
    (length) => unit.repeat(Math.ceil(length / unit.length)),
  ]),
  ...Object.entries(SHAPES),
];

/** Does everything that the page does with a text, except inserting it into the DOM. */
function parseAndRender(text: string): number {
  const syntax = extendPageSyntax();
  const blocks = splitBlocks(text);
  const { nodesByBlock } = collectReferences(blocks, undefined);
  let length = 0;
  for (const block of blocks) {
    if (block.kind === 'fence') continue;
    const nodes = nodesByBlock.get(block) ?? parseBlock(block, syntax).nodes;
    parseBlock(block, syntax, true);
    length += renderToStaticMarkup(createElement(Blocks, { nodes })).length;
  }
  findMath(text);
  return length;
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('malicious Markdown', () => {
  it.each(INPUTS)('takes linear time: %s', (_, make) => {
    const measure = (length: number) => cpuMs(() => parseAndRender(make(length)));
    const longMs = measure(24_000);
    // CPU times below 50 ms are too coarse to compare, so the short text is measured only if needed.
    if (longMs < 10 * 50) return;
    const shortMs = Math.max(measure(6_000), 50);
    // Four times the length; quadratic time would be 16 times as long. Noise only adds to a time.
    const isLinear = longMs < 10 * shortMs || measure(24_000) < 10 * shortMs;
    expect(isLinear, `${longMs} ms, and ${shortMs} ms for a quarter of the text`).toBe(true);
  });

  it('is parsed as one plain text for the editor, and can be exported', () => {
    for (const text of [
      '- '.repeat(3_000),
      '>'.repeat(6_000),
      '**a*'.repeat(20_000),
      'a\n=\n'.repeat(10_000),
    ]) {
      const { children } = parseMarkdown(text);
      expect(children).toHaveLength(1);
      expect(children[0]).toMatchObject({
        type: 'paragraph',
        children: [{ type: 'text', value: text }],
      });
    }
    expect(parseForExport('- '.repeat(3_000)).length).toBeGreaterThan(0);
  });

  it('keeps all its text', () => {
    const html = renderToStaticMarkup(
      createElement(Blocks, {
        nodes: parseBlock({ kind: 'list', text: '- '.repeat(3_000) }, extendPageSyntax()).nodes,
      }),
    );
    expect(html.match(/- /g)?.length).toBeGreaterThan(2_990);
  });
});

describe('Markdown on the server, where all users share one thread', () => {
  const render = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));

  it.each([
    ['characters', `${'**a** '.repeat(1_200)}`],
    ['lines', '- **a**\n'.repeat(400)],
  ])('with many %s is not formatted, and only its beginning is sent', (_, text) => {
    const html = render(text);
    expect(html).toMatch(/^<div class="markdown unparsed">/);
    expect(html).not.toContain('<strong>');
    expect(html.length).toBeLessThan(6_100);
  });

  it('of an ordinary answer is formatted', () => {
    expect(render('- **a**\n'.repeat(200))).toContain('<strong>a</strong>');
  });
});
