import { getTableColumns, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import * as schema from '@/lib/server/db/schema';
import {
  MAX_JSON_CHARS,
  MAX_JSON_DEPTH,
  MAX_JSON_NODES,
  storableJson,
  storableText,
  toJsonb,
} from '@/lib/server/db/storable';

describe('data that Postgres cannot store', () => {
  it('is removed from texts', () => {
    expect(storableText('a\u0000b')).toBe('ab');
    expect(storableText('half \ud83d pair')).toBe('half \ufffd pair');
    expect(storableText('whole 👍 pair')).toBe('whole 👍 pair');
  });

  it('is removed from values at any depth, and nothing else changes', () => {
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

  it('is removed from keys, also from __proto__', () => {
    const value = JSON.parse('{"to\\u0000wn":"Oslo","\\ud83d":1,"__proto__":{"a\\u0000":2}}');
    expect(JSON.stringify(storableJson(value))).toBe(
      '{"town":"Oslo","\ufffd":1,"__proto__":{"a":2}}',
    );
  });

  it('is truncated if it is nested too deeply', () => {
    const nested = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    const json = JSON.stringify(storableJson({ town: 'Oslo', nested }));
    expect(json).toContain('"town":"Oslo"');
    expect(json.split('[')).toHaveLength(MAX_JSON_DEPTH);
  });

  it('is truncated if its strings, keys or size are too large', () => {
    const half = 'x'.repeat(MAX_JSON_CHARS / 2);
    const storable = storableJson([half, half, 'small', { [half]: 1 }]) as unknown[];
    expect(storable.slice(0, 2)).toEqual([half, half]);
    expect(JSON.stringify(storable.slice(2)).length).toBeLessThan(100);
    const manyNodes = { list: Array(MAX_JSON_NODES + 1).fill(0), town: 'Oslo' };
    expect(storableJson(manyNodes)).toEqual({ list: expect.any(String), town: 'Oslo' });
  });

  it('never reaches any jsonb column', () => {
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

  it('does not include dates', () => {
    const at = new Date(0);
    expect(storableJson({ at, text: 'a\u0000' })).toEqual({ at, text: 'a' });
  });
});
