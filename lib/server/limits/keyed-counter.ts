/** Counts by key. A key whose count is 0 uses no memory. */
export class KeyedCounter {
  private readonly byKey = new Map<string, number>();

  get(key: string): number {
    return this.byKey.get(key) ?? 0;
  }

  /** @param delta may be negative; the count never falls below 0 */
  add(key: string, delta: number): void {
    const count = this.get(key) + delta;
    if (count > 0) this.byKey.set(key, count);
    else this.byKey.delete(key);
  }
}
