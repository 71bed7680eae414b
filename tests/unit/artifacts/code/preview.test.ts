import { expect, it } from 'vitest';
import { previewOf } from '@/artifacts/code/preview/protocol';
import { engineOf } from '@/artifacts/code/run/engines';

it.each<[string, string, ReturnType<typeof previewOf>]>([
  ['html', '<p>', 'html'],
  ['HTML', '<p>', 'html'],
  ['HTML5', '<p>', 'html'],
  ['HTML + CSS', '<p>', null],
  ['html (with styles)', '<p>', 'html'],
  ['svg', '<svg/>', 'svg'],
  ['SVG 1.1', '<svg/>', 'svg'],
  ['xml', '<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="…">', 'svg'],
  ['xml', '<note><svg/></note>', null],
  ['mermaid', 'anything', 'mermaid'],
  ['', '%% a comment\nflowchart TD\n  A --> B', 'mermaid'],
  ['', '---\ntitle: T\n---\nsequenceDiagram\n', 'mermaid'],
  ['', 'graphics = 1', null],
  ['python', 'graph TD', null],
])('a program in %o that begins with %o is looked at as %o', (language, code, kind) => {
  expect(previewOf(language, code)).toBe(kind);
});

it('programs in JavaScript, TypeScript and Python are run, by whatever name', () => {
  const javascript = ['js', 'JS', 'javascript', 'JavaScript ES6', 'ES2022', 'JavaScript (ES2022)'];
  const node = [
    'mjs',
    'cjs',
    'node',
    'Node.js',
    'nodejs',
    'Node 22',
    'node.js v20',
    'ECMAScript 2023',
  ];
  for (const name of [...javascript, ...node]) {
    expect(engineOf(name), name).toEqual({ engine: 'javascript', language: 'javascript' });
  }
  for (const name of ['ts', 'mts', 'TypeScript', 'TypeScript 5', 'typescript/node', 'TS 5.4+']) {
    expect(engineOf(name), name).toEqual({ engine: 'javascript', language: 'typescript' });
  }
  for (const name of ['py', 'Python 3', 'python3', 'Python 3.12', 'python-3', ' PYTHON ', 'py3']) {
    expect(engineOf(name), name).toEqual({ engine: 'python', language: 'python' });
  }
  const others = ['', 'rust', 'html', 'tsx', '3', 'constructor', 'python 3 kinds', 'C 11', 'v8'];
  for (const name of others) expect(engineOf(name), name).toBeNull();
});

it.each([
  ['', '%'.repeat(2_000)],
  ['', '%%\n'.repeat(660)],
  ['xml', '<!---->'.repeat(280)],
  ['', `---${'-'.repeat(1_990)}`],
])(
  'the beginning of a program in %o is told from a picture without trying all ways',
  (language, code) => {
    expect(previewOf(language, code)).toBeNull();
  },
);
