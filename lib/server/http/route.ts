/** What every route handler does the same way: errors to JSON, bodies within their limit. */
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

/** Methods that change nothing. Every other one is refused where a foreign page sends it. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** No body of ours comes near this: their size is that of the texts in them. */
const JSON_LIMITS = { depth: 32, values: 10_000 };

/** Of all bodies that arrive from one address at a time. */
const MAX_BODIES_BYTES = 32_000_000;

/** A body of the largest allowed size takes less, even over a slow phone connection. */
const BODY_TIMEOUT_MS = 60_000;

/**
 * A route handler that refuses writes of other sites' pages, waits for the database to be ready, and
 * answers whatever is thrown as an ErrorBody with its status. The cause goes to the log.
 */
export function route<Context = unknown>(handler: Handler<Context>): Handler<Context> {
  return async (request, context) => {
    try {
      const isSafe = SAFE_METHODS.has(request.method);
      if (!isSafe) rejectCrossOrigin(request.headers);
      await waitForDatabase();
      const handle = () => handler(request, context);
      // A GET changes nothing and has no body that could be read only once.
      const response = await (isSafe ? retryOnOutage(handle) : handle());
      return request.method === 'HEAD' ? await withoutBody(response) : response;
    } catch (error) {
      return errorResponse(error, request);
    }
  };
}

/** Next answers HEAD with the handler of GET, and would leave an event stream open for nobody. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}

function toAppError(error: unknown): AppError {
  if (isConnectionError(error)) return new AppError('database_unavailable', { cause: error });
  if (isTransientError(error)) return new AppError('database_unwritable', { cause: error });
  // Input that the schemas let through. It is a fault of theirs, and the log says so.
  if (isInvalidValueError(error)) return new AppError('bad_request', { cause: error });
  return AppError.from(error);
}

/** What was thrown as an ErrorBody with its status; faults of ours go to the log. */
export function errorResponse(thrown: unknown, request: Request): Response {
  const error = toAppError(thrown);
  if (error.status >= 500 || isInvalidValueError(thrown)) {
    const { pathname } = new URL(request.url);
    logger.error(
      { err: error.cause ?? error, code: error.code, method: request.method, pathname },
      'A request failed',
    );
  }
  return jsonResponse(request, error.toBody(), { status: error.status });
}

/**
 * JSON that nobody may keep: all of it is somebody's.
 * @param options.userId who is given it, where that is known
 * @throws AppError too_much_unread
 */
export function jsonResponse(
  request: Request,
  body: unknown,
  { status = 200, userId = null }: { status?: number; userId?: string | null } = {},
): Response {
  const { headers, signal } = request;
  const reader = { userId, address: requestAddress(headers), signal };
  return new Response(responseBody(JSON.stringify(body), reader), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

/** Where the request came from, for limits: see clientAddress. */
export function requestAddress(headers: Headers): string {
  return clientAddress(headers, getConfig().limits.trustedProxies);
}

/**
 * The request's JSON body, checked.
 * @param maxBytes of it
 * @throws AppError unsupported_media_type, body_too_large, invalid_json, or what the first problem
 *   of the schema names as its message where that is an error code, else bad_request
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
 * The value, checked against the schema. A string that Postgres cannot keep is refused in every field
 * whose schema does not clean it (`storable`).
 * @throws AppError bad_request that names the field
 */
export function parseInput<T extends z.ZodTypeAny>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    const field = unstorableField(parsed.data);
    if (field === null) return parsed.data;
    throw new AppError('bad_request', {
      message: `The request could not be understood: ${field || 'body'}: must hold no control character U+0000 and no half of a character.`,
    });
  }
  const issue = parsed.error.issues[0];
  const code = issue && 'params' in issue ? issue.params?.code : undefined;
  if (code) throw new AppError(code);
  const field = issue?.path.join('.') || 'body';
  throw new AppError('bad_request', {
    message: `The request could not be understood: ${field}: ${issue?.message}.`,
  });
}

/** The path of the first string that Postgres cannot keep; null where there is none. */
function unstorableField(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return isStorableText(value) ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    const found = unstorableField(part, path ? `${path}.${key}` : key);
    if (found !== null) return found;
  }
  return null;
}

/** An id from the path. @throws AppError `missing` for what cannot be one: nothing bears it */
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

/** @throws AppError body_too_large, too_many_bodies, request_timeout, request_cut */
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
        throw new AppError('request_cut', { cause });
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
