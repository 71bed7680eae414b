import { eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/client';
import { chat, document, run } from '@/lib/db/schema';

/** Gives everything that one person owns to another, all of it or, on an error, nothing. */
export async function giveBelongings(db: Database, fromId: string, toId: string): Promise<void> {
  await db.transaction(async (tx) => {
    for (const table of [chat, run, document]) {
      await tx.update(table).set({ ownerId: toId }).where(eq(table.ownerId, fromId));
    }
  });
}
