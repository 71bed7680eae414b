import { handOverDrafts, removeDrafts } from '@/lib/client/account-drafts';
import { api, getCurrentUser } from '@/lib/client/http/api';
import type { SessionInfo } from '@/lib/protocol/api';

export type AccountAction = 'sign-in' | 'sign-up';

/**
 * Signs in, or makes an account, and loads the page anew as its user's.
 * @param staysOnPage whether at the same address, instead of at the app's home
 * @throws RequestError with a sentence for the user
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
  // A guest's chats come along, and what is not sent yet with them.
  if (previousUser?.anonymous && user) handOverDrafts(previousUser.id, user.id);
  reloadPage(staysOnPage);
}

/** @throws RequestError with a sentence for the person */
export async function signOut(): Promise<void> {
  const before = getCurrentUser();
  await api<SessionInfo>('/api/auth/sign-out', { method: 'POST' });
  // Nobody can be this guest again.
  if (before?.anonymous) removeDrafts(before.id);
  reloadPage();
}

/** A full load, so that nothing of who was here before stays in the page's memory. */
function reloadPage(staysOnPage = false): void {
  if (staysOnPage) location.reload();
  else location.assign('/');
}
