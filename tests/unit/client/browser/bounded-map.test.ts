import { describe, expect, it } from 'vitest';
import { BoundedMap } from '@/lib/client/browser/bounded-map';

/** A map of at most `max` entries after `count` keys, from 0, were set. */
function filled(max: number, count: number): BoundedMap<number, string> {
  const map = new BoundedMap<number, string>(max);
  for (let key = 0; key < count; key++) map.set(key, `value ${key}`);
  return map;
}

/** Returns the keys below `end` that the map holds, each read from a map of its own. */
function keysOf(create: () => BoundedMap<number, string>, end: number): number[] {
  const keys = Array.from({ length: end }, (_, key) => key);
  return keys.filter((key) => create().get(key) !== undefined);
}

describe('BoundedMap', () => {
  it.each([0, 1, 4, 5, 9, 10, 11, 15, 16, 60])(
    'holds at most its maximum and at least the newer half of it after %i new keys',
    (count) => {
      const held = keysOf(() => filled(10, count), count);
      expect(held.length).toBeLessThanOrEqual(10);
      expect(held.slice(-5)).toEqual(
        [0, 1, 2, 3, 4].map((i) => count - 5 + i).filter((k) => k >= 0),
      );
    },
  );

  it('keeps an entry that is read between new ones', () => {
    const map = filled(10, 1);
    for (let key = 1; key < 100; key++) {
      expect(map.get(0)).toBe('value 0');
      map.set(key, 'new');
    }
    expect(map.get(50)).toBeUndefined();
  });

  it('returns the last value of a key, and drops nothing for it', () => {
    const map = filled(10, 5);
    for (let round = 0; round < 20; round++) map.set(4, `round ${round}`);
    expect([0, 1, 2, 3, 4].map((key) => map.get(key))).toEqual([
      'value 0',
      'value 1',
      'value 2',
      'value 3',
      'round 19',
    ]);
    const older = filled(10, 6).set(0, 'changed');
    expect(older.get(0)).toBe('changed');
  });
});
