/**
 * A cache of at most `maxEntries` entries. The half of them that was used last is always kept: if
 * the newer half is full, the older one is dropped as a whole, so no operation depends on the size.
 */
export class BoundedMap<K, V extends NonNullable<unknown>> {
  private newer = new Map<K, V>();
  private older = new Map<K, V>();
  private readonly maxHalf: number;

  /** @param maxEntries at least 2 */
  constructor(maxEntries: number) {
    this.maxHalf = Math.floor(maxEntries / 2);
  }

  get(key: K): V | undefined {
    const known = this.newer.get(key);
    if (known !== undefined) return known;
    const value = this.older.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: K, value: V): this {
    if (this.newer.size >= this.maxHalf && !this.newer.has(key)) {
      this.older = this.newer;
      this.newer = new Map();
    }
    this.newer.set(key, value);
    return this;
  }
}
