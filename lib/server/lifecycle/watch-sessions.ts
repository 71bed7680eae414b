/** Sign-outs, blocks and deletions, wherever they are done, hold in this process at once. */
import { sessionCache } from '@/lib/server/account/session-cache';
import { sql } from '@/lib/server/db/client';
import { signals } from '@/lib/server/db/signals';
import { runEvery } from '@/lib/server/jobs/run-every';
import { presence } from '@/lib/server/runs/presence';

/** While announcements arrive, this only bounds what is kept in memory of sessions long gone. */
const CACHE_MAX_AGE_MS = 15 * 60_000;
/** While they may not. */
const UNNOTIFIED_MAX_AGE_MS = 2_000;
const CHECK_INTERVAL_MS = 2_000;
/** A session can end just before a stream that it opens is registered. */
const LISTENING_CHECK_INTERVAL_MS = 30_000;

/** Returns what ends it. */
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
      'Sessions were not looked at',
    ),
  ];
  return () => {
    for (const end of disposers) end();
  };
}

/** Ends what is open with sessions that are not there any more. */
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
