import { removeDrafts } from '@/lib/client/account/account-drafts';
import { getCurrentUser } from '@/lib/client/account/session';
import { api } from '@/lib/client/http/api';
import type { DeleteAccountBody, SessionInfo } from '@/lib/protocol/api';

/**
 * Deletes all chats of the user permanently, then opens a new chat.
 * @throws RequestError with a message for the user
 */
export async function deleteAllChats(): Promise<void> {
  await api<void>('/api/history', { method: 'DELETE' });
  location.assign('/');
}

/**
 * Deletes the user with everything that belongs to them, then reloads the page as a new guest.
 * @param email of the account; null for a guest
 * @throws RequestError with a message for the user
 */
export async function deleteAccount(email: string | null): Promise<void> {
  const json: DeleteAccountBody = { email };
  const user = getCurrentUser();
  await api<SessionInfo>('/api/account', { method: 'DELETE', json });
  if (user) removeDrafts(user.id);
  location.assign('/');
}
