/**
 * The browser's way to the JSON API: one fetch helper, one kind of error, one session.
 *
 * Streams (POST /api/chat) do not go through `api`; they use `errorFromResponse` and `networkError`
 * so that every failure reads the same.
 */

import { reportSessionEnded } from '@/lib/client/account/sign-in-state';
import { linkedAbortController } from '@/lib/client/browser/wait';
import type { SessionInfo } from '@/lib/protocol/api';
import type { ErrorBody, ErrorCode } from '@/lib/protocol/errors';
import { PAGE_USER_HEADER } from '@/lib/protocol/page-user';

/**
 * `network`: no answer came at all. `bad_answer`: one came that is not ours (a proxy's page, say).
 * `session_ended`: the page's user is not signed in any more.
 */
export type RequestErrorCode = ErrorCode | 'network' | 'bad_answer' | 'session_ended';

/** A failed request, with a sentence that can be shown as it is. `status` is 0 without an answer. */
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

/** What went wrong when fetch itself threw, in plain words. */
export function networkError(cause: unknown): RequestError {
  const offline = typeof navigator !== 'undefined' && navigator.onLine === false;
  const message = offline
    ? 'You are offline. Try again when you are connected.'
    : 'The server cannot be reached. Check that it is running, then try again.';
  return new RequestError('network', message, 0, cause);
}

/** The error that a response with a failure status carries. Reads its body. */
export async function readErrorResponse(response: Response): Promise<RequestError> {
  const body: unknown = await response.json().catch(() => null);
  if (isErrorBody(body)) {
    // What the page shows was there for its user: it may be somebody else who asks by now.
    if (body.code === 'chat_not_found' && (await hasUserChanged())) return sessionEndedError();
    return new RequestError(body.code, body.message, response.status);
  }
  return new RequestError(
    'bad_answer',
    `The server answered with an error (${response.status}). Try again in a moment.`,
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
 * The browser may send a request over an idle connection that is dead without noticing it. A write may
 * carry a large document over a slow connection.
 */
const TIMEOUT_MS = { read: 30_000, write: 120_000 };

/**
 * Calls the JSON API and gives the parsed answer (undefined for 204). A 401 makes a session and
 * tries once more.
 * @throws RequestError; an aborted request throws its AbortError unchanged.
 */
export function api<T>(path: string, init: ApiInit = {}): Promise<T> {
  const isRead = init.method === undefined || init.method === 'GET';
  const timeoutMs = isRead ? TIMEOUT_MS.read : TIMEOUT_MS.write;
  return withTimeout(timeoutMs, init.signal, (signal) => requestJson<T>(path, { ...init, signal }));
}

/** @throws RequestError network after `timeoutMs`; the signal that `work` was given is aborted then */
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
    // Only the first of several refused requests renews: the others find a newer promise.
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
      'bad_answer',
      'The server sent something that could not be understood. Try again in a moment.',
      response.status,
      error,
    );
  }
}

/** Whoever asks for these becomes another user. */
const MAKES_SESSION = /^\/api\/(?:session|auth\/sign-(?:in|up))$/;

/** Fetches as the page's user: refused with a 401 where the browser is another user's by now. */
export function fetchAsPageUser(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  if (currentUser) headers.set(PAGE_USER_HEADER, currentUser.id);
  return fetch(input, { ...init, headers });
}

async function sendRequest(path: string, { json, headers, ...init }: ApiInit): Promise<Response> {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const contentType = body === undefined ? undefined : { 'content-type': 'application/json' };
  try {
    const ask = MAKES_SESSION.test(path) ? fetch : fetchAsPageUser;
    return await ask(path, { ...init, body, headers: { ...contentType, ...headers } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw networkError(error);
  }
}

let sessionPromise: Promise<SessionInfo> | null = null;
let isSessionResolved = false;

/**
 * Makes sure that the browser has a session, an anonymous one where there is none. One request a
 * page, shared by all callers; a failed one is forgotten, so the next call tries again.
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
/** Whether the page has gone on as another guest than it began with. */
let isGuestReplaced = false;

/** Whom the page belongs to; null while that is not known. */
export function getCurrentUser(): SessionInfo['user'] {
  return currentUser;
}

/**
 * A session after a request was refused for want of one: the one that is just being made, else a new
 * one. Two at once would make two guests, and the browser would keep the wrong one.
 * @throws RequestError session_ended where the page belongs to an account: as a guest it would find
 *   nothing of what it shows
 */
export function renewSession(): Promise<SessionInfo> {
  if (isSessionResolved && currentUser?.anonymous === false)
    return Promise.reject(sessionEndedError());
  if (isSessionResolved) resetSession();
  return ensureSession();
}

/** Also tells the page, which asks its user to sign in. */
function sessionEndedError(): RequestError {
  if (currentUser?.anonymous !== false) {
    const message = 'Your session as a guest has ended, and its chats cannot be opened any more.';
    return new RequestError('session_ended', message, 401);
  }
  reportSessionEnded();
  const message = 'Your session has ended. Sign in to go on: nothing is lost.';
  return new RequestError('session_ended', message, 401);
}

/** Whether the browser's session is not any more that of the page's user. */
async function hasUserChanged(): Promise<boolean> {
  if (!currentUser || isGuestReplaced) return isGuestReplaced;
  const response = await fetch('/api/session').catch(() => null);
  const current = (await response?.json().catch(() => null)) as SessionInfo | null;
  return response?.ok === true && current !== null && current.user?.id !== currentUser.id;
}

/** Forgets who was asking: after signing in or out, so that the next call asks anew. */
export function resetSession(): void {
  sessionPromise = null;
  isSessionResolved = false;
}
