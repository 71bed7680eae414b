/** Emits items at a constant rate. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms` milliseconds, or when the signal is aborted. */
export function waitOrAbort(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => {});
}

/** Words with the whitespace around them; joined, they are the text again. */
export function splitWords(text: string): string[] {
  return text.match(/\s*\S+\s*/g) ?? (text === '' ? [] : [text]);
}

/**
 * Calls `emit` for one item after another, `perSecond` times a second. Late timers are compensated,
 * so the average rate holds. Stops when the signal is aborted.
 */
export async function playAtRate<T>(
  items: Iterable<T>,
  perSecond: number,
  signal: AbortSignal,
  emit: (item: T) => void,
): Promise<void> {
  const startedAt = performance.now();
  let played = 0;
  for (const item of items) {
    const aheadMs = (played * 1000) / perSecond - (performance.now() - startedAt);
    // Shorter pauses are invisible, and timers are no finer.
    if (aheadMs > 2) await waitOrAbort(aheadMs, signal);
    if (signal.aborted) return;
    emit(item);
    played += 1;
  }
}

export function playPaced(
  text: string,
  wordsPerSecond: number,
  signal: AbortSignal,
  emit: (word: string) => void,
): Promise<void> {
  return playAtRate(splitWords(text), wordsPerSecond, signal, emit);
}
