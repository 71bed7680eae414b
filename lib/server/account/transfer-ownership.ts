import { eq } from 'drizzle-orm';
import type { Database } from '@/lib/server/db/client';
import { chat, document, run, user } from '@/lib/server/db/schema';

/**
 * Gives everything that a guest owns to an account and removes the guest, all of it or, on an error,
 * nothing. A chat that the guest is just beginning waits for the lock, and then finds no guest
 * (lib/server/chat/turn-rows): nothing is left that belongs to nobody.
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
    await tx.delete(user).where(eq(user.id, guestId));
  });
}
