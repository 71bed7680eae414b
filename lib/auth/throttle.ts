/**
 * Counts tries by key within a fixed window, in this process. It bounds guessing at one account
 * whatever address the guesses claim to come from; what it forgets at a restart is worth little.
 */
export class Throttle {
  readonly #tries = new Map<string, { count: number; endsAt: number }>();
  readonly #max: number;
  readonly #windowMs: number;

  constructor({ max, windowMs }: { max: number; windowMs: number }) {
    this.#max = max;
    this.#windowMs = windowMs;
  }

  /** Counts a try. @returns seconds to wait where there have been too many, else 0. */
  take(key: string, now = Date.now()): number {
    this.#prune(now);
    const kept = this.#tries.get(key);
    const entry = kept && kept.endsAt > now ? kept : { count: 0, endsAt: now + this.#windowMs };
    if (entry.count >= this.#max) return Math.ceil((entry.endsAt - now) / 1000);
    entry.count += 1;
    // Windows are all as long, so the map's order is the order they end in.
    if (entry !== kept) {
      this.#tries.delete(key);
      this.#tries.set(key, entry);
    }
    return 0;
  }

  /** Forgets the tries of a key, after one that was right. */
  clear(key: string): void {
    this.#tries.delete(key);
  }

  #prune(now: number): void {
    for (const [key, entry] of this.#tries) {
      if (entry.endsAt > now) return;
      this.#tries.delete(key);
    }
  }
}
