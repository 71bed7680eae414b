import { removeDrafts, transferDrafts } from '@/lib/client/account/account-drafts';
import { getCurrentUser } from '@/lib/client/account/session';
import { api } from '@/lib/client/http/api';
import type { SessionInfo } from '@/lib/protocol/api';

export type AccountAction = 'sign-in' | 'sign-up';

/**
 * Signs in or creates an account, then reloads the page as that user.
 * @param staysOnPage reloads the current URL instead of opening the home page
 * @throws RequestError with a message for the user
 */
export async function submitCredentials(
  action: AccountAction,
  credentials: { email: string; password: string },
  staysOnPage = false,
): Promise<void> {
  const { user } = await api<SessionInfo>(`/api/auth/${action}`, {
    method: 'POST',
    json: credentials,
  });
  const previousUser = getCurrentUser();
  // The server transfers a guest's chats to the account; their drafts are transferred here.
  if (previousUser?.anonymous && user) transferDrafts(previousUser.id, user.id);
  reloadPage(staysOnPage);
}

/** @throws RequestError with a message for the user */
export async function signOut(): Promise<void> {
  const previousUser = getCurrentUser();
  await api<SessionInfo>('/api/auth/sign-out', { method: 'POST' });
  // A guest cannot sign in again.
  if (previousUser?.anonymous) removeDrafts(previousUser.id);
  reloadPage();
}

/** A full page load: it clears the previous user's data from memory. */
function reloadPage(staysOnPage = false): void {
  if (staysOnPage) location.reload();
  else location.assign('/');
}
