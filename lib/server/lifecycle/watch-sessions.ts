/** Applies sign-outs, blocks and deletions from any process to this process immediately. */
import { sessionCache } from '@/lib/server/account/session-cache';
import { sql } from '@/lib/server/db/client';
import { signals } from '@/lib/server/db/signals';
import { runEvery } from '@/lib/server/jobs/run-every';
import { presence } from '@/lib/server/runs/presence';

/** While notifications arrive. Only limits how long old sessions stay in memory. */
const CACHE_MAX_AGE_MS = 15 * 60_000;
/** While notifications may be missed. */
const UNNOTIFIED_MAX_AGE_MS = 2_000;
const CHECK_INTERVAL_MS = 2_000;
/**
 * Needed even while listening: a session can end just before a stream opened with it is registered.
 */
const LISTENING_CHECK_INTERVAL_MS = 30_000;

/** Returns a disposer. */
export function watchSessions(): () => void {
  const cache = sessionCache();
  let checkedAt = performance.now();
  const isListening = () => presence().isListening;
  cache.maxAgeMs = () => (isListening() ? CACHE_MAX_AGE_MS : UNNOTIFIED_MAX_AGE_MS);
  const disposers = [
    signals().on('sessions-ended', ({ sessionIds }) => cache.end(sessionIds)),
    signals().onGap(() => {
      cache.clear();
      endVanishedSessions().catch(() => {});
    }),
    runEvery(
      CHECK_INTERVAL_MS,
      async () => {
        if (isListening() && performance.now() - checkedAt < LISTENING_CHECK_INTERVAL_MS) return;
        checkedAt = performance.now();
        await endVanishedSessions();
      },
      'Sessions could not be checked',
    ),
  ];
  return () => {
    for (const dispose of disposers) dispose();
  };
}

/** Ends the streams of sessions that no longer exist. */
async function endVanishedSessions(): Promise<void> {
  const cache = sessionCache();
  const watched = cache.watchedSessionIds();
  if (watched.length === 0) return;
  const rows = await sql()<Array<{ id: string }>>`
    select id from session where id = any(${watched}::text[]) and expires_at > now()`;
  const existing = new Set(rows.map(({ id }) => id));
  const missing = watched.filter((id) => !existing.has(id));
  if (missing.length > 0) cache.end(missing);
}
