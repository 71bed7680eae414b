import { eq, sql } from 'drizzle-orm';
import type { Database } from '@/lib/server/db/client';
import { chat, document, run, user } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';

/**
 * Transfers ownership of the guest's data to an account and removes the guest, in one transaction.
 * A turn that creates a chat for the guest concurrently waits for the lock and then finds no guest
 * (lib/server/chat/turn-rows), so no unowned rows remain.
 */
export async function transferOwnership(
  db: Database,
  guestId: string,
  accountId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.select({ id: user.id }).from(user).where(eq(user.id, guestId)).for('update');
    for (const table of [chat, run, document]) {
      await tx.update(table).set({ ownerId: accountId }).where(eq(table.ownerId, guestId));
    }
    // Settings of the account take precedence. The guest's are deleted with the guest.
    await tx.execute(sql`
      insert into user_setting as account (user_id, settings)
      select ${accountId}, settings from user_setting where user_id = ${guestId}
      on conflict (user_id) do update set settings = excluded.settings || account.settings`);
    await tx.delete(user).where(eq(user.id, guestId));
  });
  publishEvent(accountId, { type: 'settings-updated' });
}
