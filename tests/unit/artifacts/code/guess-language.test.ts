import { describe, expect, it } from 'vitest';
import { guessLanguage } from '@/artifacts/code/guess-language';
import { resolveLanguage } from '@/lib/client/markdown/languages';
import { expectLinear } from '@/tests/support/linear-time';

describe('the language of a program', () => {
  it.each([
    ['Bubble sort in Python', '', 'python'],
    ['server.ts', '', 'ts'],
    ['A way to go', 'def main():\n    pass\n', 'python'],
    ['Counter', 'export function count() {\n  return 1;\n}', 'typescript'],
    ['Page', '<!DOCTYPE html>\n<html>', 'html'],
    ['Main', 'package main\n\nfunc main() {}', 'go'],
    ['Notes', 'nothing to see', ''],
  ])('is guessed from the title %j and the text %j', (title, content, expected) => {
    expect(guessLanguage(title, content)).toBe(expected);
  });
});

it.each(['-', '_', ' -', '1.'])(
  'an extremely long language name of repeated %j is resolved in linear time',
  (unit) => {
    expectLinear((size) => {
      const name = `a${unit.repeat(size)}x`;
      return () => resolveLanguage(name);
    }, 500);
  },
);
