import { describe, expect, it } from 'vitest';
import { storableJson, storableText } from '@/lib/db/json';

describe('what Postgres cannot keep', () => {
  it('is taken out of texts', () => {
    expect(storableText('a\u0000b')).toBe('ab');
    expect(storableText('half \ud83d pair')).toBe('half \ufffd pair');
    expect(storableText('whole 👍 pair')).toBe('whole 👍 pair');
  });

  it('is taken out of values, however deep, and nothing else changes', () => {
    const value = [
      { type: 'text', text: 'a\u0000' },
      { deep: { list: ['\udc4d', 1, null, true] } },
    ];
    expect(storableJson(value)).toEqual([
      { type: 'text', text: 'a' },
      { deep: { list: ['\ufffd', 1, null, true] } },
    ]);
    const clean = { text: 'fine 👍' };
    expect(storableJson(clean)).toBe(clean);
  });
});
