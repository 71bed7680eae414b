/** Sign-outs, blocks and deletions, wherever they are done, hold in this process at once. */
import { sessionCache } from '@/lib/auth/session-cache';
import { sql } from '@/lib/db/client';
import { everyNow } from '@/lib/every-now';
import { presence } from '@/lib/runs/presence';
import { signals } from '@/lib/runs/signals';

/** While announcements arrive, this only bounds what is kept in memory of sessions long gone. */
const BELIEVE_MS = 15 * 60_000;
/** While they may not. */
const BELIEVE_UNHEARD_MS = 2_000;
const LOOK_EVERY_MS = 2_000;
/** A session can end just before a stream that it opens is registered. */
const LOOK_LISTENING_MS = 30_000;

/** Returns what ends it. */
export function watchSessions(): () => void {
  const cache = sessionCache();
  let lookedAt = performance.now();
  const isListening = () => presence().isListening;
  cache.believeMs = () => (isListening() ? BELIEVE_MS : BELIEVE_UNHEARD_MS);
  const ends = [
    signals().on('sessions-ended', ({ sessionIds }) => cache.end(sessionIds)),
    signals().onGap(() => {
      cache.forget();
      endVanishedSessions().catch(() => {});
    }),
    everyNow(
      LOOK_EVERY_MS,
      async () => {
        if (isListening() && performance.now() - lookedAt < LOOK_LISTENING_MS) return;
        lookedAt = performance.now();
        await endVanishedSessions();
      },
      'Sessions were not looked at',
    ),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Ends what is open with sessions that are not there any more. */
async function endVanishedSessions(): Promise<void> {
  const cache = sessionCache();
  const watched = cache.watched();
  if (watched.length === 0) return;
  const rows = await sql()<Array<{ id: string }>>`
    select id from session where id = any(${watched}::text[]) and expires_at > now()`;
  const there = new Set(rows.map(({ id }) => id));
  const gone = watched.filter((id) => !there.has(id));
  if (gone.length > 0) cache.end(gone);
}
