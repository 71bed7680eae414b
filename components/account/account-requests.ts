import { api } from '@/lib/client/http';
import type { SessionInfo } from '@/lib/protocol/api';

export type AccountAction = 'sign-in' | 'sign-up';

/** @throws RequestError with a sentence for the person */
export async function submitCredentials(
  action: AccountAction,
  credentials: { email: string; password: string },
): Promise<void> {
  await api<SessionInfo>(`/api/auth/${action}`, { method: 'POST', json: credentials });
  startAnew();
}

/** @throws RequestError with a sentence for the person */
export async function signOut(): Promise<void> {
  await api<SessionInfo>('/api/auth/sign-out', { method: 'POST' });
  startAnew();
}

/** A full load, so that nothing of who was here before stays in the page's memory. */
function startAnew(): void {
  location.assign('/');
}
