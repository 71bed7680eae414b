import type { ChatSummary } from '@/lib/protocol/api';

/** An older interruption is one that the user did not want to continue. */
const MAX_AGE_MS = 7 * 24 * 3_600_000;

/**
 * Whether an answer of the chat is being generated, or was interrupted within the last seven days.
 * @param now milliseconds since the epoch
 */
export function isUnfinished({ live, interrupted, updatedAt }: ChatSummary, now: number): boolean {
  return live || (interrupted && now - Date.parse(updatedAt) < MAX_AGE_MS);
}
