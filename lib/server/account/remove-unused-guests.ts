import type { Sql } from 'postgres';

/** Guests removed per statement, which holds locks while it runs. */
const BATCH_SIZE = 5_000;

/**
 * Removes guests that own no chat and have been inactive for a week, and expired sessions. Every
 * first visit creates a guest, including those of bots. A visitor that returns later becomes a new
 * guest and loses nothing.
 *
 * Sessions are renewed once per day of use (lib/server/account/better-auth), so no guest that was
 * active within the last week is removed.
 * @returns the number of removed guests
 */
export async function removeUnusedGuests(sql: Sql): Promise<number> {
  await sql`delete from session where expires_at < now()`;
  const removed = await sql`
    delete from "user" where id in (
      select id from "user" guest
      where is_anonymous and created_at < now() - interval '7 days'
        and not exists (select 1 from chat where owner_id = guest.id)
        and not exists (select 1 from session
          where user_id = guest.id and updated_at > now() - interval '7 days')
      limit ${BATCH_SIZE})`;
  return removed.count;
}
