/** How many answers stream in this process, and what that means for the size of their frames. */
import { eventLoopLagMs } from '@/lib/server/runtime/event-loop-lag';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const liveStreams = processSingleton('models.live-answers', () => ({ count: 0 }));

/** Counts one more live answer. The returned function ends it, and may be called again. */
export function trackLiveStream(): () => void {
  liveStreams.count += 1;
  let hasLeft = false;
  return () => {
    if (hasLeft) return;
    hasLeft = true;
    liveStreams.count -= 1;
  };
}

const MIN_WINDOW_MS = 25;
const MAX_WINDOW_MS = 250;

/** What a process that does not keep up may add. */
const MAX_LAG_EXTENSION_MS = 250;

/**
 * How long pieces of an answer are gathered before they go on, in milliseconds, to which up to 20 are
 * added by the slots: 25 with one or two answers, about 75 with 50, 145 with 200, 250 from 600 on. Each
 * frame costs the stages behind it far more than each character, so the frames of a busy process must
 * be fewer; and fewer still while it is late with everything, as in a rush of new answers.
 *
 * @param lagMs how late the event loop is
 */
export function coalescingWindowMs(liveAnswers: number, lagMs = 0): number {
  const baseMs = Math.min(MAX_WINDOW_MS, Math.max(MIN_WINDOW_MS, 5 + 10 * Math.sqrt(liveAnswers)));
  return baseMs + Math.min(MAX_LAG_EXTENSION_MS, 2 * lagMs);
}

export function currentWindowMs(): number {
  return coalescingWindowMs(liveStreams.count, eventLoopLagMs());
}
