/** Numbers by key, which keep nothing of a key whose number is back at 0. */
export class KeyedCounter {
  private readonly byKey = new Map<string, number>();

  get(key: string): number {
    return this.byKey.get(key) ?? 0;
  }

  /** @param delta negative to take away; the number never falls below 0 */
  add(key: string, delta: number): void {
    const count = this.get(key) + delta;
    if (count > 0) this.byKey.set(key, count);
    else this.byKey.delete(key);
  }
}
