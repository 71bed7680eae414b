/**
 * Client of the JSON API.
 *
 * Streams (POST /api/chat) do not go through `api`; they use `readErrorResponse` and
 * `networkError`, so that all failures have the same messages.
 */
import {
  currentSession,
  fetchAsPageUser,
  hasUserChanged,
  renewSession,
  sessionEndedError,
} from '@/lib/client/account/session';
import { networkError, RequestError, toRequestError } from '@/lib/client/http/request-error';
import { REQUEST_TIMEOUT_MS, withRequestTimeout } from '@/lib/client/http/request-timeout';

export type ApiInit = Omit<RequestInit, 'body'> & {
  /** Sent as the JSON body. */
  json?: unknown;
};

/**
 * Calls the JSON API and returns the parsed response (undefined for 204). On a 401 it creates a
 * session and retries once.
 * @throws RequestError; an aborted request throws its AbortError unchanged.
 */
export function api<T>(path: string, init: ApiInit = {}): Promise<T> {
  const isRead = init.method === undefined || init.method === 'GET';
  const timeoutMs = isRead ? REQUEST_TIMEOUT_MS.read : REQUEST_TIMEOUT_MS.write;
  return withRequestTimeout(timeoutMs, init.signal, (signal) =>
    requestJson<T>(path, { ...init, signal }),
  );
}

async function requestJson<T>(path: string, init: ApiInit): Promise<T> {
  const session = currentSession();
  let response = await sendRequest(path, init);
  if (response.status === 401) {
    await renewSession(session);
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

/** Returns the error of a response with an error status. */
export async function readErrorResponse(response: Response): Promise<RequestError> {
  const error = await toRequestError(response);
  // The displayed chat belonged to the page's user; the session may be another user's by now.
  const mayBeOtherUser = error.code === 'chat_not_found' && (await hasUserChanged());
  return mayBeOtherUser ? sessionEndedError() : error;
}

/** Requests that change the user. */
const CHANGES_USER = /^\/api\/(?:session|auth\/sign-(?:in|up))$/;

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
