import { inflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FORMATS } from '@/artifacts/registry/formats';
import type { ExportRequest, ExportResponse } from '@/artifacts/text/export/export.worker';
import { markdownToDocx } from '@/artifacts/text/export/markdown-to-docx';
import { markdownToHtmlPage } from '@/artifacts/text/export/markdown-to-html-page';
import { downloadFileName } from '@/lib/client/documents/download';

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
    // Names that every object has.
    for (const name of ['constructor', '__proto__']) expect(extensions(name)).toEqual(['txt']);
    expect(extensions(null, 'fibonacci.rs')).toEqual(['rs']);
    expect(extensions(null, '', 'def f(x):\n  return x')).toEqual(['py']);
    const otherFormats = (kind: 'text' | 'sheet') =>
      FORMATS[kind]({ kind, language: null, title: '' }, '').map(({ extension }) => extension);
    expect(otherFormats('text')).toEqual(['md', 'html', 'docx']);
    expect(otherFormats('sheet')).toEqual(['csv']);
  });

  it('has a name that is valid on every system, in any script', () => {
    expect(downloadFileName('Plan: a/b\\c?', 'md')).toBe('Plan a b c.md');
    expect(downloadFileName('計画書', 'csv')).toBe('計画書.csv');
    expect(downloadFileName('main.py', 'py')).toBe('main.py');
    expect(downloadFileName('…/..', 'md')).toBe('….md');
    expect(downloadFileName(' . ', 'md')).toBe('document.md');
    expect(downloadFileName('x'.repeat(300), 'md')).toHaveLength(103);
  });

  it.each([
    ['a bidirectional override', 'Invoice\u202efdp', 'Invoice fdp.html'],
    ['bidirectional isolates and marks', '\u2066a\u2069\u200fb\u061c', 'a b.html'],
    ['invisible characters', 'a\u200bb\ufeff', 'a b.html'],
    ['line breaks of any kind', 'a\u2028b\u0085c', 'a b c.html'],
    ['a lone surrogate', 'a\ud83d', 'a\ufffd.html'],
    ['a device name', 'CON', 'CON_.html'],
    ['a device name with an extension', 'aux.html', 'aux_.html'],
  ])('has a safe name despite %s', (_what, title, name) => {
    expect(downloadFileName(title, 'html')).toBe(name);
  });

  it('has a name of bounded length, with whole emoji and joined letters', () => {
    expect(new Blob([downloadFileName('計'.repeat(300), 'md')]).size).toBeLessThanOrEqual(255);
    expect(downloadFileName('👍'.repeat(300), 'md').isWellFormed()).toBe(true);
    expect(downloadFileName('👩\u200d🚀 نمی\u200cدانم', 'md')).toBe('👩\u200d🚀 نمی\u200cدانم.md');
  });
});

const UNSAFE_URLS = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java&#10;script:alert(1)',
  '&#1;javascript:alert(1)',
  'vbscript:x',
  'data:text/html,x',
  'file:///etc/passwd',
  'ms-msdt:/id',
  '//elsewhere.example/share',
  '\\\\\\\\elsewhere.example\\\\share',
  // A relative link would point into the file system of whoever opens the file.
  '/chat/1',
  'c:/windows/x.exe',
];

/** Returns Markdown with a link of each syntax to the address. */
function linksTo(address: string): string {
  const syntaxes = [
    '[inline](<%>)',
    '[reference][r]',
    '[r]',
    '![picture](<%>)',
    '![picture][r]',
    '<%>',
  ];
  return `${syntaxes.join('\n\n')}\n\n[r]: <%>\n`.replaceAll('%', address);
}

describe('a text exported as HTML', () => {
  const html = markdownToHtmlPage(TEXT, 'A & B');

  it('contains all of its content', () => {
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
    expect(html).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';`,
    );
    expect(html).toContain('<meta name="referrer" content="no-referrer">');
  });

  it.each(UNSAFE_URLS)('has no unsafe link: %s', (address) => {
    const exported = markdownToHtmlPage(linksTo(address), '');
    const hrefs = [...exported.matchAll(/ (?:href|src|action|formaction|poster)="([^"]*)"/g)];
    expect(hrefs.map(([, href]) => href)).toEqual([]);
    expect(exported).not.toContain('<img');
    expect(exported).toContain('>inline<');
    expect(exported).toContain('reference');
  });

  it('keeps reference links and footnote links', () => {
    const text = '[a][x] ![b][x] [^1]\n\n[x]: https://example.com/y\n[^1]: A note.\n';
    const exported = markdownToHtmlPage(text, '');
    expect(exported).toContain('<a href="https://example.com/y">a</a>');
    expect(exported).toContain('<a href="https://example.com/y">b</a>');
    expect(exported).toContain('href="#user-content-fn-1"');
  });
});

describe('a text exported as a Word document', () => {
  it('contains its text and links', async () => {
    const files = await filesIn(await markdownToDocx(TEXT, 'Title'));
    expect(files.get('word/document.xml')).toContain('quoted');
    expect(files.get('word/_rels/document.xml.rels')).toContain('https://example.com/p.png');
  });

  it.each(UNSAFE_URLS)('has no unsafe link: %s', async (address) => {
    const files = await filesIn(await markdownToDocx(linksTo(address), ''));
    expect(files.get('word/_rels/document.xml.rels')).not.toContain('TargetMode="External"');
    expect(files.get('word/document.xml')).toContain('reference');
  });

  it('keeps reference links', async () => {
    const text = '[a][x] ![b][x]\n\n> [x]: https://example.com/y\n';
    const files = await filesIn(await markdownToDocx(text, ''));
    expect(files.get('word/_rels/document.xml.rels')).toContain('https://example.com/y');
    expect(files.get('word/document.xml')).toMatch(/>a<.*>b</s);
  });
});

describe('HTML and Word exports', () => {
  const htmlOf = async (text: string) => markdownToHtmlPage(text, '').split('<body>')[1] as string;
  const docxOf = async (text: string) => {
    const files = await filesIn(await markdownToDocx(text, ''));
    return [...files].map(([, content]) => content).join('\n');
  };
  const textOf = (xml: string) =>
    xml
      .replace(/<[^>]+>/g, '')
      .replace(/&(?:lt|#x3C);/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"');

  it.each([
    ['Dear <name>, use Map<K, List<String>> and <think>.', []],
    ['#include <vector>\nand a<b and b>c, Use the <details> element', []],
    ['[Note]: important', []],
    ['See [Note].\n\n[Note]: this', []],
    ['Claim [1][2].\n\n[1]: https://e.org/a\n\n[2]: https://e.org/b', []],
    ['Text\n\n[^9]: Lonely', ['[^9]:', 'Lonely']],
    ['| a |\n|---|\n| b | more |', ['a', 'b', 'more']],
    ['<b>bold</b> H<sub>2</sub>O', ['bold', 'H', '2', 'O']],
    ['<details><summary>More</summary>\n\nInside\n\n</details>', ['More', 'Inside']],
    ['<table><tr><td>a</td><td><b>b</b></td></tr></table>', ['a', 'b']],
    ['<ul><li>a</li><li><i>b</i></li></ul>', ['a', 'b']],
    ['<img src="https://e.org/p.png" alt="pic"> <a href="https://e.org">l</a>', ['pic', 'l']],
  ])('contain what the page shows: %j', async (text, expectedTexts) => {
    for (const exported of [await htmlOf(text), await docxOf(text)]) {
      const found = textOf(exported).replace(/\s+/g, ' ');
      const expected = expectedTexts.length > 0 ? expectedTexts : text.split(/\n+/);
      for (const part of expected) expect(found).toContain(part);
    }
  });

  it('keep line breaks in the cells of a table', async () => {
    const text = '| a |\n|---|\n| one<br>two |';
    expect(await htmlOf(text)).toMatch(/one<br>\s*two/);
    expect(await docxOf(text)).toMatch(/one<.*<w:br\/>.*two</s);
  });

  it('have paragraphs, items and tables that read from right to left', async () => {
    const text = 'שלום `code`\n\n- פריט\n- item\n\n> ציטוט\n\n| א | b |\n|---|---|\n| ג | d |';
    const html = await htmlOf(text);
    expect(html).toContain('<p dir="rtl">שלום');
    expect(html).toMatch(/<li dir="rtl">פריט<\/li>\s*<li>item/);
    expect(html).toContain('<blockquote dir="rtl">');
    expect(html).toContain('<table dir="rtl">');
    expect((await docxOf(text)).match(/<w:bidi\/>/g)?.length).toBeGreaterThanOrEqual(5);
    expect(await docxOf('left to right')).not.toContain('<w:bidi/>');
  });

  it('have the footnotes and list numbers of the text', async () => {
    const text = 'A[^n].\n\n1. one\n```\ncode\n```\n2. two\n\n[^n]: The note.';
    const docx = await filesIn(await markdownToDocx(text, ''));
    expect(docx.get('word/document.xml')).toContain('<w:footnoteReference w:id="1"/>');
    expect(docx.get('word/footnotes.xml')).toContain('The note.');
    expect(docx.get('word/numbering.xml')).toContain('<w:start w:val="2"/>');
    expect(await htmlOf(text)).toContain('<ol start="2">');
  });
});

describe('the conversion of a text', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('runs in a worker: a long text takes seconds', async () => {
    const requests: unknown[] = [];
    class FakeWorker extends EventTarget {
      postMessage({ id, ...request }: ExportRequest): void {
        requests.push(request);
        const file = request.title === 'broken' ? null : 'from the worker';
        this.dispatchEvent(new MessageEvent('message', { data: { id, file } }));
      }
    }
    vi.stubGlobal('Worker', FakeWorker);
    const [, html, word] = FORMATS.text({ kind: 'text', language: null, title: '' }, TEXT);
    expect(await html?.convert(TEXT, 'Title')).toBe('from the worker');
    expect(await word?.convert(TEXT, 'Title')).toBe('from the worker');
    expect(requests).toEqual([
      { format: 'html', text: TEXT, title: 'Title' },
      { format: 'docx', text: TEXT, title: 'Title' },
    ]);
    await expect(html?.convert(TEXT, 'broken')).rejects.toThrow('could not be converted');
  });

  it('returns the file of each format, and reports a failure', async () => {
    const responses: ExportResponse[] = [];
    const workerScope = Object.assign(new EventTarget(), {
      postMessage: (response: ExportResponse) => responses.push(response),
    });
    vi.stubGlobal('self', workerScope);
    await import('@/artifacts/text/export/export.worker');
    const send = (id: number, format: string, text: unknown) =>
      workerScope.dispatchEvent(
        new MessageEvent('message', { data: { id, format, text, title: 'Title' } }),
      );
    send(1, 'html', TEXT);
    send(2, 'docx', TEXT);
    send(3, 'html', null);
    await vi.waitFor(() => expect(responses).toHaveLength(3), 60_000);
    const files = new Map(responses.map(({ id, file }) => [id, file]));
    expect(files.get(1)).toBe(markdownToHtmlPage(TEXT, 'Title'));
    expect((await filesIn(files.get(2) as Blob)).get('word/document.xml')).toContain('quoted');
    expect(files.get(3)).toBeNull();
  });
});

/** Returns the files of a zip archive as text, by file name. */
async function filesIn(zip: Blob): Promise<Map<string, string>> {
  const bytes = Buffer.from(await zip.arrayBuffer());
  const files = new Map<string, string>();
  for (let at = bytes.indexOf('PK\x01\x02'); at !== -1; at = bytes.indexOf('PK\x01\x02', at + 4)) {
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(from, from + size);
    files.set(name, (method === 0 ? data : inflateRawSync(data)).toString());
  }
  expect(files.size).toBeGreaterThan(3);
  return files;
}
