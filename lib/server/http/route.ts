/** Wrapper of all route handlers: maps errors to JSON, enforces body limits. */
import type { z } from 'zod';
import { LIMITS } from '@/lib/protocol/api';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { isConnectionError, isInvalidValueError, isTransientError } from '@/lib/server/db/client';
import { waitForDatabase } from '@/lib/server/db/ready';
import { retryOnOutage } from '@/lib/server/db/retry-on-outage';
import { isStorableText } from '@/lib/server/db/storable';
import { clientAddress, rejectCrossOrigin } from '@/lib/server/http/address';
import { isUuid } from '@/lib/server/http/input-fields';
import { responseBody } from '@/lib/server/http/response-body';
import { requestBodyBudget } from '@/lib/server/limits/byte-budget';
import { parseJsonWithin } from '@/lib/server/limits/json-limits';
import { logger } from '@/lib/server/log/logger';

export type Handler<Context> = (request: Request, context: Context) => Promise<Response>;

/** Methods without side effects. All others are rejected if cross-origin. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Well above what the app's own clients send: their bodies are mostly text. */
const JSON_LIMITS = { depth: 32, values: 10_000 };

/** Maximum bytes of all bodies being received from one address. */
const MAX_BODIES_BYTES = 32_000_000;

/** Enough for a body of the maximum size, even over a slow mobile connection. */
const BODY_TIMEOUT_MS = 60_000;

/**
 * Wraps a route handler: rejects cross-origin writes, waits until the database is ready, and
 * responds to errors with an ErrorBody and its status. The cause is logged.
 */
export function route<Context = unknown>(handler: Handler<Context>): Handler<Context> {
  return async (request, context) => {
    try {
      const isSafe = SAFE_METHODS.has(request.method);
      if (!isSafe) rejectCrossOrigin(request.headers);
      await waitForDatabase();
      const handle = () => handler(request, context);
      // Safe methods have no side effects and no body that could be read only once.
      const response = await (isSafe ? retryOnOutage(handle) : handle());
      return request.method === 'HEAD' ? await withoutBody(response) : response;
    } catch (error) {
      return errorResponse(error, request);
    }
  };
}

/** Next serves HEAD with the GET handler, which would leave an event stream open unread. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}

function toAppError(error: unknown): AppError {
  if (isConnectionError(error)) return new AppError('database_unavailable', { cause: error });
  if (isTransientError(error)) return new AppError('database_unwritable', { cause: error });
  // Input that the schemas should have rejected: a bug, so it is logged.
  if (isInvalidValueError(error)) return new AppError('bad_request', { cause: error });
  return AppError.from(error);
}

/** Returns the error as an ErrorBody with its status. Logs server errors and rejected values. */
export function errorResponse(thrown: unknown, request: Request): Response {
  const error = toAppError(thrown);
  if (error.status >= 500 || isInvalidValueError(thrown)) {
    const { pathname } = new URL(request.url);
    logger.error(
      { err: error.cause ?? error, code: error.code, method: request.method, pathname },
      'Request failed',
    );
  }
  return jsonResponse(request, error.toBody(), { status: error.status });
}

/**
 * Returns a JSON response that must not be cached, because it contains a user's data.
 * @param options.userId the recipient, if known
 * @throws AppError too_many_unread_responses
 */
export function jsonResponse(
  request: Request,
  body: unknown,
  { status = 200, userId = null }: { status?: number; userId?: string | null } = {},
): Response {
  const { headers, signal } = request;
  const recipient = { userId, address: requestAddress(headers), signal };
  return new Response(responseBody(JSON.stringify(body), recipient), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

/** Returns the client's IP address for rate limits: see clientAddress. */
export function requestAddress(headers: Headers): string {
  return clientAddress(headers, getConfig().limits.trustedProxies);
}

/**
 * Reads and validates the request's JSON body.
 * @param maxBytes maximum size of the body in bytes
 * @throws AppError unsupported_media_type, body_too_large, invalid_json, the error code that the
 *   schema's first issue carries, else bad_request
 */
export async function readJson<T extends z.ZodTypeAny>(
  request: Request,
  schema: T,
  maxBytes: number = LIMITS.bodyBytes,
): Promise<z.infer<T>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) throw new AppError('unsupported_media_type');
  return parseInput(schema, parseJson(await readBody(request, maxBytes)));
}

/**
 * Validates the value against the schema. Rejects strings that Postgres cannot store, unless the
 * field's schema sanitizes them (`storableString`).
 * @throws AppError bad_request that names the field, or the error code that the first issue carries
 */
export function parseInput<T extends z.ZodTypeAny>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    const field = unstorableField(parsed.data);
    if (field === null) return parsed.data;
    throw new AppError('bad_request', {
      message: `The request is invalid: ${field || 'body'}: must not contain U+0000 or a lone surrogate.`,
    });
  }
  const issue = parsed.error.issues[0];
  const code = issue && 'params' in issue ? issue.params?.code : undefined;
  if (code) throw new AppError(code);
  const field = issue?.path.join('.') || 'body';
  throw new AppError('bad_request', {
    message: `The request is invalid: ${field}: ${issue?.message}.`,
  });
}

/** Returns the path of the first string that Postgres cannot store; null if there is none. */
function unstorableField(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return isStorableText(value) ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    const found = unstorableField(part, path ? `${path}.${key}` : key);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Returns an id from the path in lower case.
 * @throws AppError `notFoundCode` if it is not a UUID
 */
export function pathId(id: string, notFoundCode: ErrorCode): string {
  if (!isUuid(id)) throw new AppError(notFoundCode);
  return id.toLowerCase();
}

function parseJson(text: string): unknown {
  try {
    return parseJsonWithin(text, JSON_LIMITS);
  } catch (cause) {
    throw new AppError('invalid_json', { cause });
  }
}

/** @throws AppError body_too_large, too_much_request_data, request_timeout, request_aborted */
async function readBody(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length')) > maxBytes) {
    throw new AppError('body_too_large');
  }
  const reader = request.body?.getReader();
  if (!reader) return '';
  const chunks: Uint8Array[] = [];
  const holders = [
    { name: `address ${requestAddress(request.headers)}`, maxBytes: MAX_BODIES_BYTES },
  ];
  let size = 0;
  const releases: Array<() => void> = [];
  let hasTimedOut = false;
  const timer = setTimeout(() => {
    hasTimedOut = true;
    void reader.cancel().catch(() => {});
  }, BODY_TIMEOUT_MS);
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw new AppError('request_aborted', { cause });
      });
      if (hasTimedOut) throw new AppError('request_timeout');
      if (done) break;
      size += value.length;
      if (size > maxBytes) throw new AppError('body_too_large');
      releases.push(requestBodyBudget().acquire(holders, value.length));
      chunks.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
    for (const release of releases) release();
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
