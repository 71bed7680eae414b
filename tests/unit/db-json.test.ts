import { getTableColumns, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import {
  MAX_JSON_CHARS,
  MAX_JSON_DEPTH,
  MAX_JSON_NODES,
  storableJson,
  storableText,
  toJsonb,
} from '@/lib/db/json';
import * as schema from '@/lib/db/schema';

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

  it('is taken out of keys as well, also where the key is __proto__', () => {
    const value = JSON.parse('{"to\\u0000wn":"Oslo","\\ud83d":1,"__proto__":{"a\\u0000":2}}');
    expect(JSON.stringify(storableJson(value))).toBe(
      '{"town":"Oslo","\ufffd":1,"__proto__":{"a":2}}',
    );
  });

  it('is cut off where it is nested too deeply, and what lies above is kept', () => {
    const nested = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    const json = JSON.stringify(storableJson({ town: 'Oslo', nested }));
    expect(json).toContain('"town":"Oslo"');
    expect(json.split('[')).toHaveLength(MAX_JSON_DEPTH);
  });

  it('is cut off where it is too large, in strings, keys or number, and what is small stays', () => {
    const half = 'x'.repeat(MAX_JSON_CHARS / 2);
    const kept = storableJson([half, half, 'small', { [half]: 1 }]) as unknown[];
    expect(kept.slice(0, 2)).toEqual([half, half]);
    expect(JSON.stringify(kept.slice(2)).length).toBeLessThan(100);
    const many = { list: Array(MAX_JSON_NODES + 1).fill(0), town: 'Oslo' };
    expect(storableJson(many)).toEqual({ list: expect.any(String), town: 'Oslo' });
  });

  it('never reaches a jsonb column, whichever it is', () => {
    const tables = Object.values(schema).filter((table) => is(table, PgTable));
    const columns = tables
      .flatMap((table) => Object.values(getTableColumns(table)))
      .filter((column) => column.getSQLType() === 'jsonb');
    expect(columns.length).toBeGreaterThan(3);
    const value = { 'a\u0000': ['\ud83d'] };
    for (const column of columns) {
      expect(column.mapToDriverValue(value), column.name).toBe(toJsonb(value));
    }
  });

  it('leaves a date as it is', () => {
    const at = new Date(0);
    expect(storableJson({ at, text: 'a\u0000' })).toEqual({ at, text: 'a' });
  });
});
