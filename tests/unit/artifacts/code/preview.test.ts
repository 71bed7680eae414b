import { expect, it } from 'vitest';
import { previewOf } from '@/artifacts/code/preview/protocol';
import { engineOf } from '@/artifacts/code/run/engines';

it.each<[string, string, ReturnType<typeof previewOf>]>([
  ['html', '<p>', 'html'],
  ['HTML', '<p>', 'html'],
  ['svg', '<svg/>', 'svg'],
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
  for (const name of ['js', 'javascript', 'mjs', 'ts', 'TypeScript']) {
    expect(engineOf(name)?.engine, name).toBe('javascript');
  }
  expect(engineOf('py')).toEqual({ engine: 'python', language: 'python' });
  for (const name of ['', 'rust', 'html', 'tsx']) expect(engineOf(name), name).toBeNull();
});
