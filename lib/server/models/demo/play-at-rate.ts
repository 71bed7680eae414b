/** Emits items at a constant rate. */

/**
 * Waits `ms` milliseconds; resolves early when the signal is aborted.
 * @returns whether the whole time has passed.
 */
export function waitOrAbort(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(!signal.aborted);
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
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
