import { describe, expect, it } from 'vitest';
import { FORMATS } from '@/artifacts/registry/formats';
import { fileName } from '@/lib/client/artifact/download';
import { toDocx } from '@/lib/client/artifact/to-docx';
import { toHtml } from '@/lib/client/artifact/to-html';

const TEXT = `# Title

A *short* **text** with \`code\`, $x^2$, ~~old~~ and [a link](https://example.com/).

1. one
   - nested
2. two

- [x] done
- [ ] open

> quoted

| a | b |
| - | - |
| 1 | 2 |

\`\`\`js
const a = '<b>';
\`\`\`

<script>alert(1)</script>

[bad](javascript:alert(1)) ![picture](https://example.com/p.png)
`;

describe('a downloaded file', () => {
  it('has the extension of its kind and language', () => {
    const extensions = (language: string | null, title = '', content = '') =>
      FORMATS.code({ kind: 'code', language, title }, content).map(({ extension }) => extension);
    expect(extensions('python')).toEqual(['py']);
    expect(extensions('TypeScript')).toEqual(['ts']);
    expect(extensions('C++')).toEqual(['cpp']);
    expect(extensions('svg')).toEqual(['svg']);
    expect(extensions('mermaid')).toEqual(['mmd']);
    expect(extensions('klingon')).toEqual(['txt']);
    expect(extensions(null, 'fibonacci.rs')).toEqual(['rs']);
    expect(extensions(null, '', 'def f(x):\n  return x')).toEqual(['py']);
    const others = (kind: 'text' | 'sheet') =>
      FORMATS[kind]({ kind, language: null, title: '' }, '').map(({ extension }) => extension);
    expect(others('text')).toEqual(['md', 'html', 'docx']);
    expect(others('sheet')).toEqual(['csv']);
  });

  it('has a name that every system takes, in any script', () => {
    expect(fileName('Plan: a/b\\c?', 'md')).toBe('Plan a b c.md');
    expect(fileName('計画書', 'csv')).toBe('計画書.csv');
    expect(fileName('main.py', 'py')).toBe('main.py');
    expect(fileName('…/..', 'md')).toBe('….md');
    expect(fileName(' . ', 'md')).toBe('document.md');
    expect(fileName('x'.repeat(300), 'md')).toHaveLength(103);
  });
});

describe('a text as HTML', () => {
  const html = toHtml(TEXT, 'A & B');

  it('has everything in it', () => {
    expect(html).toContain('<title>A &#x26; B</title>');
    expect(html).toContain('<h1>Title</h1>');
    expect(html).toContain('<a href="https://example.com/">a link</a>');
    expect(html).toContain('<del>old</del>');
    expect(html).toContain('<td>1</td>');
    expect(html).toMatch(/<math .*<\/math>/s);
    expect(html).toContain("const a = '&#x3C;b>';");
  });

  it('runs nothing and loads nothing', () => {
    expect(html).not.toContain('<script');
    expect(html).not.toContain('javascript:');
    expect(html).not.toContain('<img');
    expect(html).toContain('<a href="https://example.com/p.png">picture</a>');
  });
});

it('a text as a Word document holds its words', async () => {
  const blob = await toDocx(TEXT, 'Title');
  const bytes = new Uint8Array(await blob.arrayBuffer());
  // A zip file.
  expect([...bytes.slice(0, 2)]).toEqual([0x50, 0x4b]);
  expect(bytes.length).toBeGreaterThan(2_000);
});
