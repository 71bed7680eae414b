import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { withBreaks } from '@/components/ui/long-words';

const html = (text: string) => renderToStaticMarkup(withBreaks(text));

describe('a word longer than those of any language', () => {
  it.each([
    ['Arabic', '\u0645'],
    ["N'Ko", '\u07ca'],
    ['Burmese', '\u1000\u1039'],
    ['Adlam', '\u{1e900}'],
  ])('may be broken every 500 letters in %s, and keeps its text', (_, letters) => {
    const word = letters.repeat(1_250);
    const rendered = html(`a ${word} b`);
    expect(rendered.replaceAll('<wbr/>', '')).toBe(`a ${word} b`);
    const segments = rendered.split('<wbr/>');
    expect(segments.length).toBeGreaterThan(2);
    for (const segment of segments) expect([...segment].length).toBeLessThanOrEqual(502);
  });

  it('is left unchanged in scripts with separate letters, and so is a text of short words', () => {
    for (const text of ['x'.repeat(1_000), '漢'.repeat(1_000), 'مرحبا '.repeat(1_000), '']) {
      expect(html(text)).toBe(text);
    }
  });
});
