import { handOverDrafts, removeDrafts } from '@/lib/client/account-drafts';
import { api, pageUser } from '@/lib/client/http';
import type { SessionInfo } from '@/lib/protocol/api';

export type AccountAction = 'sign-in' | 'sign-up';

/**
 * Signs in, or makes an account, and loads the page anew as its user's.
 * @param stay whether at the same address, instead of at the app's home
 * @throws RequestError with a sentence for the user
 */
export async function submitCredentials(
  action: AccountAction,
  credentials: { email: string; password: string },
  stay = false,
): Promise<void> {
  const { user } = await api<SessionInfo>(`/api/auth/${action}`, {
    method: 'POST',
    json: credentials,
  });
  const before = pageUser();
  // A guest's chats come along, and what is not sent yet with them.
  if (before?.anonymous && user) handOverDrafts(before.id, user.id);
  startAnew(stay);
}

/** @throws RequestError with a sentence for the person */
export async function signOut(): Promise<void> {
  const before = pageUser();
  await api<SessionInfo>('/api/auth/sign-out', { method: 'POST' });
  // Nobody can be this guest again.
  if (before?.anonymous) removeDrafts(before.id);
  startAnew();
}

/** A full load, so that nothing of who was here before stays in the page's memory. */
function startAnew(stay = false): void {
  if (stay) location.reload();
  else location.assign('/');
}
