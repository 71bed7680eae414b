/** How many answers stream in this process, and what that means for the size of their frames. */
import { processSingleton } from '@/lib/process';

const live = processSingleton('models.live-answers', () => ({ count: 0 }));

/** Counts one more live answer. The returned function ends it, and may be called again. */
export function enterLiveAnswer(): () => void {
  live.count += 1;
  let left = false;
  return () => {
    if (left) return;
    left = true;
    live.count -= 1;
  };
}

const MIN_WINDOW_MS = 25;
const MAX_WINDOW_MS = 250;

/**
 * How long pieces of an answer are gathered before they go on, in milliseconds: 25 with one or two
 * answers, about 85 with 50, 155 with 200, 250 from 550 on. Each frame costs the stages behind it
 * far more than each character, so the frames of a busy process must be fewer.
 */
export function windowFor(liveAnswers: number): number {
  return Math.min(MAX_WINDOW_MS, Math.max(MIN_WINDOW_MS, 15 + 10 * Math.sqrt(liveAnswers)));
}

export function currentWindowMs(): number {
  return windowFor(live.count);
}
