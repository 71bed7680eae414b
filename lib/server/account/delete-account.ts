import { eq } from 'drizzle-orm';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { sessionCache } from '@/lib/server/account/session-cache';
import { db } from '@/lib/server/db/client';
import { chat, user } from '@/lib/server/db/schema';

/**
 * @param email of the account that the user means to delete; null for a guest
 * @throws AppError account_mismatch if the session belongs to another one
 */
export function requireSameAccount(identity: Identity, email: string | null): void {
  const isSame = identity.email?.toLowerCase() === email?.trim().toLowerCase();
  if (!isSame) throw new AppError('account_mismatch');
}

/**
 * Deletes the account, or the guest, with its settings, and ends all its sessions. A turn that
 * creates a chat concurrently waits for the lock and then finds no user (lib/server/chat/turn-rows).
 */
export async function deleteAccount({ userId, sessionId }: Identity): Promise<void> {
  await db().transaction(async (tx) => {
    await tx.select({ id: user.id }).from(user).where(eq(user.id, userId)).for('update');
    // Chats have no foreign key to the user.
    await tx.delete(chat).where(eq(chat.ownerId, userId));
    await tx.delete(user).where(eq(user.id, userId));
  });
  // A trigger notifies the other processes.
  sessionCache().end([sessionId]);
}
