/** The page's session: one for all requests, created for a guest if the browser has none. */
import { reportSessionEnded } from '@/lib/client/account/sign-in-state';
import { networkError, RequestError, toRequestError } from '@/lib/client/http/request-error';
import { REQUEST_TIMEOUT_MS, withRequestTimeout } from '@/lib/client/http/request-timeout';
import type { SessionInfo } from '@/lib/protocol/api';
import { PAGE_USER_HEADER } from '@/lib/protocol/page-user';

let sessionPromise: Promise<SessionInfo> | null = null;
let isSessionResolved = false;

/**
 * Ensures that the browser has a session; creates a guest session if there is none. All callers
 * share one request per page. The next call after a failure retries.
 */
export function ensureSession(): Promise<SessionInfo> {
  if (sessionPromise) return sessionPromise;
  isSessionResolved = false;
  const created = createSession();
  sessionPromise = created;
  created.then(
    () => {
      if (sessionPromise === created) isSessionResolved = true;
    },
    () => {
      if (sessionPromise === created) sessionPromise = null;
    },
  );
  return created;
}

async function createSession(): Promise<SessionInfo> {
  const info = await withRequestTimeout(REQUEST_TIMEOUT_MS.read, null, async (signal) => {
    const response = await fetch('/api/session', { method: 'POST', signal }).catch((error) => {
      throw networkError(error);
    });
    if (!response.ok) throw await toRequestError(response);
    return (await response.json()) as SessionInfo;
  });
  if (currentUser?.anonymous && info.user?.anonymous && currentUser.id !== info.user.id)
    isGuestReplaced = true;
  currentUser = info.user;
  return info;
}

let currentUser: SessionInfo['user'] = null;
/** Whether another guest replaced the one that the page loaded with. */
let isGuestReplaced = false;

/** Fetches as the page's user: rejected with 401 if another user has signed in in this browser since. */
export function fetchAsPageUser(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  if (currentUser) headers.set(PAGE_USER_HEADER, currentUser.id);
  return fetch(input, { ...init, headers });
}

/** The page's user; null while unknown. */
export function getCurrentUser(): SessionInfo['user'] {
  return currentUser;
}

/** The session that requests are sent with; null before the first one. */
export function currentSession(): Promise<SessionInfo> | null {
  return sessionPromise;
}

/**
 * Returns a session after a 401: the pending one if any, otherwise a new one. Two concurrent
 * requests would create two guests, and the browser might keep the wrong one.
 * @param usedSession `currentSession` when the rejected request was sent: if it has been renewed
 *   since, the newer one is returned
 * @throws RequestError session_ended if the page's user has an account: a guest could not open the
 *   displayed chats
 */
export function renewSession(usedSession = sessionPromise): Promise<SessionInfo> {
  if (usedSession !== sessionPromise) return ensureSession();
  if (isSessionResolved && currentUser?.anonymous === false)
    return Promise.reject(sessionEndedError());
  if (isSessionResolved) resetSession();
  return ensureSession();
}

/** Also prompts an account's user to sign in. */
export function sessionEndedError(): RequestError {
  if (currentUser?.anonymous !== false) {
    const message = 'Your guest session has ended, and its chats can no longer be opened.';
    return new RequestError('session_ended', message, 401);
  }
  reportSessionEnded();
  const message = 'Your session has ended. Sign in to continue. Nothing is lost.';
  return new RequestError('session_ended', message, 401);
}

/** Whether the browser's session no longer belongs to the page's user. */
export async function hasUserChanged(): Promise<boolean> {
  if (!currentUser || isGuestReplaced) return isGuestReplaced;
  const response = await fetch('/api/session').catch(() => null);
  const current = (await response?.json().catch(() => null)) as SessionInfo | null;
  return response?.ok === true && current !== null && current.user?.id !== currentUser.id;
}

/** Discards the session promise, so that the next `ensureSession` requests one again. */
export function resetSession(): void {
  sessionPromise = null;
  isSessionResolved = false;
}
