/** Numbers by key, which keep nothing of a key whose number is back at 0. */
export class Counts {
  private readonly byKey = new Map<string, number>();

  of(key: string): number {
    return this.byKey.get(key) ?? 0;
  }

  /** @param change negative to take away; the number never falls below 0 */
  add(key: string, change: number): void {
    const number = this.of(key) + change;
    if (number > 0) this.byKey.set(key, number);
    else this.byKey.delete(key);
  }
}
