import type { ErrorBody, ErrorCode } from '@/lib/protocol/errors';

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

/** Returns an error message for the user. */
export function toErrorMessage(error: unknown): string {
  return error instanceof RequestError ? error.message : 'Something went wrong. Try again.';
}

/** Builds the error for a fetch that threw. */
export function networkError(cause: unknown): RequestError {
  const offline = typeof navigator !== 'undefined' && navigator.onLine === false;
  const message = offline
    ? 'You are offline. Try again when you are connected.'
    : 'Couldn’t reach the server. Check that it is running, then try again.';
  return new RequestError('network', message, 0, cause);
}

/** Reads the body of a response with an error status and returns its error. */
export async function toRequestError(response: Response): Promise<RequestError> {
  const body: unknown = await response.json().catch(() => null);
  if (isErrorBody(body)) return new RequestError(body.code, body.message, response.status);
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
