/**
 * Client of the JSON API: one fetch helper, one error class, one session.
 *
 * Streams (POST /api/chat) do not go through `api`; they use `readErrorResponse` and
 * `networkError`, so that all failures have the same messages.
 */

import { reportSessionEnded } from '@/lib/client/account/sign-in-state';
import { linkedAbortController } from '@/lib/client/browser/wait';
import type { SessionInfo } from '@/lib/protocol/api';
import type { ErrorBody, ErrorCode } from '@/lib/protocol/errors';
import { PAGE_USER_HEADER } from '@/lib/protocol/page-user';

/**
 * `network`: no response. `invalid_response`: a response that is not from this API (a proxy's error
 * page, for example). `session_ended`: the page's user is no longer signed in.
 */
export type RequestErrorCode = ErrorCode | 'network' | 'invalid_response' | 'session_ended';

/** A failed request. `message` can be displayed to the user. `status` is 0 without a response. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;
  readonly status: number;

  constructor(code: RequestErrorCode, message: string, status: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'RequestError';
    this.code = code;
    this.status = status;
  }
}

/** Builds the error for a fetch that threw. */
export function networkError(cause: unknown): RequestError {
  const offline = typeof navigator !== 'undefined' && navigator.onLine === false;
  const message = offline
    ? 'You are offline. Try again when you are connected.'
    : 'The server cannot be reached. Check that it is running, then try again.';
  return new RequestError('network', message, 0, cause);
}

/** Reads the body of a response with an error status and returns its error. */
export async function readErrorResponse(response: Response): Promise<RequestError> {
  const body: unknown = await response.json().catch(() => null);
  if (isErrorBody(body)) {
    // The displayed chat belonged to the page's user; the session may be another user's by now.
    if (body.code === 'chat_not_found' && (await hasUserChanged())) return sessionEndedError();
    return new RequestError(body.code, body.message, response.status);
  }
  return new RequestError(
    'invalid_response',
    `The server responded with an error (${response.status}). Try again in a moment.`,
    response.status,
  );
}

function isErrorBody(value: unknown): value is ErrorBody {
  const body = value as Partial<ErrorBody> | null;
  return typeof body?.code === 'string' && typeof body.message === 'string';
}

export type ApiInit = Omit<RequestInit, 'body'> & {
  /** Sent as the JSON body. */
  json?: unknown;
};

/**
 * The browser may send a request over an idle connection without noticing that it is dead. A write
 * may upload a large document over a slow connection.
 */
const TIMEOUT_MS = { read: 30_000, write: 120_000 };

/**
 * Calls the JSON API and returns the parsed response (undefined for 204). On a 401 it creates a
 * session and retries once.
 * @throws RequestError; an aborted request throws its AbortError unchanged.
 */
export function api<T>(path: string, init: ApiInit = {}): Promise<T> {
  const isRead = init.method === undefined || init.method === 'GET';
  const timeoutMs = isRead ? TIMEOUT_MS.read : TIMEOUT_MS.write;
  return withTimeout(timeoutMs, init.signal, (signal) => requestJson<T>(path, { ...init, signal }));
}

/** Aborts the operation's signal after `timeoutMs`. @throws RequestError network on timeout */
async function withTimeout<T>(
  timeoutMs: number,
  parentSignal: AbortSignal | null | undefined,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { controller, dispose } = linkedAbortController(parentSignal);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  try {
    return await operation(controller.signal);
  } catch (error) {
    throw timedOut ? networkError(error) : error;
  } finally {
    clearTimeout(timer);
    dispose();
  }
}

async function requestJson<T>(path: string, init: ApiInit): Promise<T> {
  const sessionAtStart = sessionPromise;
  let response = await sendRequest(path, init);
  if (response.status === 401) {
    // Only the first of several requests with a 401 renews; the others find a newer promise.
    if (sessionPromise === sessionAtStart) await renewSession();
    else await ensureSession();
    response = await sendRequest(path, init);
  }
  if (!response.ok) throw await readErrorResponse(response);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new RequestError(
      'invalid_response',
      'The server sent an invalid response. Try again in a moment.',
      response.status,
      error,
    );
  }
}

/** Requests that change the user. */
const CHANGES_USER = /^\/api\/(?:session|auth\/sign-(?:in|up))$/;

/** Fetches as the page's user: rejected with 401 if another user has signed in in this browser since. */
export function fetchAsPageUser(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  if (currentUser) headers.set(PAGE_USER_HEADER, currentUser.id);
  return fetch(input, { ...init, headers });
}

async function sendRequest(path: string, { json, headers, ...init }: ApiInit): Promise<Response> {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const contentType = body === undefined ? undefined : { 'content-type': 'application/json' };
  try {
    const send = CHANGES_USER.test(path) ? fetch : fetchAsPageUser;
    return await send(path, { ...init, body, headers: { ...contentType, ...headers } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw networkError(error);
  }
}

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
  const info = await withTimeout(TIMEOUT_MS.read, null, async (signal) => {
    const response = await sendRequest('/api/session', { method: 'POST', signal });
    if (!response.ok) throw await readErrorResponse(response);
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

/** The page's user; null while unknown. */
export function getCurrentUser(): SessionInfo['user'] {
  return currentUser;
}

/**
 * Returns a session after a 401: the pending one if any, otherwise a new one. Two concurrent
 * requests would create two guests, and the browser might keep the wrong one.
 * @throws RequestError session_ended if the page's user has an account: a guest could not open the
 *   displayed chats
 */
export function renewSession(): Promise<SessionInfo> {
  if (isSessionResolved && currentUser?.anonymous === false)
    return Promise.reject(sessionEndedError());
  if (isSessionResolved) resetSession();
  return ensureSession();
}

/** Also prompts an account's user to sign in. */
function sessionEndedError(): RequestError {
  if (currentUser?.anonymous !== false) {
    const message = 'Your guest session has ended, and its chats can no longer be opened.';
    return new RequestError('session_ended', message, 401);
  }
  reportSessionEnded();
  const message = 'Your session has ended. Sign in to continue. Nothing is lost.';
  return new RequestError('session_ended', message, 401);
}

/** Whether the browser's session no longer belongs to the page's user. */
async function hasUserChanged(): Promise<boolean> {
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
