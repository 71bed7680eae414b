import { describe, expect, it } from 'vitest';
import { BoundedMap } from '@/lib/client/browser/bounded-map';

describe('BoundedMap', () => {
  it('drops the oldest entry when a new key exceeds the maximum', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2).set('c', 3);
    expect([...map]).toEqual([
      ['b', 2],
      ['c', 3],
    ]);
  });

  it('keeps all entries when the value of a known key changes', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2).set('a', 3);
    expect([...map]).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
  });
});
