import type { Sql } from 'postgres';

/** At most so many at a time: the statement holds locks while it runs. */
const BATCH_SIZE = 5_000;

/**
 * Removes guests who never wrote anything and have not been here for a week: every first visit makes
 * one, whoever or whatever visits. Somebody who comes back later than that becomes a new guest,
 * without noticing: there is nothing to miss. Sessions that have run out go as well.
 *
 * Sessions are renewed once a day of use (lib/server/account/better-auth), so nobody whose cookies would still be
 * believed is removed.
 * @returns how many guests were removed
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
