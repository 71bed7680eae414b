/** Counts the answers that stream in this process, and derives the size of their frames. */

import {
  MAX_COALESCING_WINDOW_MS,
  MAX_LAG_EXTENSION_MS,
  MIN_COALESCING_WINDOW_MS,
} from '@/lib/protocol/latency';
import { releaseOnce } from '@/lib/server/limits/release-once';
import { eventLoopLagMs } from '@/lib/server/runtime/event-loop-lag';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const liveStreams = processSingleton('models.live-answers', () => ({ count: 0 }));

/** Counts one more streaming answer. Returns its release function, which is idempotent. */
export function trackLiveStream(): () => void {
  liveStreams.count += 1;
  return releaseOnce(() => {
    liveStreams.count -= 1;
  });
}

/**
 * The coalescing window in milliseconds, to which shared-ticks.ts adds up to 20: 25 with one or two
 * answers, about 75 with 50, 145 with 200, 250 from 600 on. A frame costs the later stages far more
 * than a character, so a busy process must send fewer frames; and fewer still while its event loop
 * lags, as in a burst of new answers.
 *
 * @param lagMs event loop lag
 */
export function coalescingWindowMs(liveAnswers: number, lagMs = 0): number {
  const baseMs = Math.min(
    MAX_COALESCING_WINDOW_MS,
    Math.max(MIN_COALESCING_WINDOW_MS, 5 + 10 * Math.sqrt(liveAnswers)),
  );
  return baseMs + Math.min(MAX_LAG_EXTENSION_MS, 2 * lagMs);
}

export function currentWindowMs(): number {
  return coalescingWindowMs(liveStreams.count, eventLoopLagMs());
}
