/** The streams that each user has open in this process. */
import { Counts } from '@/lib/counts';
import { AppError } from '@/lib/errors';
import { processSingleton } from '@/lib/process';

/** For one user at a time: windows that hear events, and answers that are read again. */
const MAX_OPEN = { events: 32, answers: 100 };

const open = () => processSingleton('openStreams', () => new Counts());

/**
 * Counts a stream. Returns what gives its place back, once however often it is called.
 * @throws AppError too_many_windows
 */
export function takeStreamPlace(kind: keyof typeof MAX_OPEN, userId: string): () => void {
  const key = `${kind} ${userId}`;
  if (open().of(key) >= MAX_OPEN[kind]) throw new AppError('too_many_windows');
  open().add(key, 1);
  let isTaken = true;
  return () => {
    if (!isTaken) return;
    isTaken = false;
    open().add(key, -1);
  };
}
