/** What every route handler does the same way: errors to JSON, bodies within their limit. */
import type { z } from 'zod';
import { isConnectionError } from '@/lib/db/client';
import { readAgain } from '@/lib/db/read-again';
import { databaseReady } from '@/lib/db/ready';
import { AppError, type ErrorCode } from '@/lib/errors';
import { logger } from '@/lib/logger';
import { LIMITS } from '@/lib/protocol/api';

type Handler<Context> = (request: Request, context: Context) => Promise<Response>;

/**
 * A route handler that waits for the database to be ready, and answers whatever is thrown as an
 * ErrorBody with its status. The cause goes to the log.
 */
export function route<Context = unknown>(handler: Handler<Context>): Handler<Context> {
  return async (request, context) => {
    try {
      await databaseReady();
      const handle = () => handler(request, context);
      // A GET changes nothing and has no body that could be read only once.
      return await (request.method === 'GET' ? readAgain(handle) : handle());
    } catch (error) {
      return errorResponse(error, request);
    }
  };
}

function errorResponse(thrown: unknown, request: Request): Response {
  const error = isConnectionError(thrown)
    ? new AppError('database_unavailable', { cause: thrown })
    : AppError.from(thrown);
  if (error.status >= 500) {
    const { pathname } = new URL(request.url);
    logger.error(
      { err: error.cause ?? error, code: error.code, method: request.method, pathname },
      'A request failed',
    );
  }
  return json(error.toBody(), { status: error.status });
}

/** JSON that nobody may keep: all of it is somebody's. */
export function json(body: unknown, init: { status?: number } = {}): Response {
  return Response.json(body, { ...init, headers: { 'cache-control': 'no-store' } });
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
  return parseInput(schema, parseJson(await readText(request, maxBytes)));
}

/** The value, checked against the schema. @throws AppError bad_request that names the field */
export function parseInput<T extends z.ZodTypeAny>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const code = issue && 'params' in issue ? issue.params?.code : undefined;
  if (code) throw new AppError(code);
  const field = issue?.path.join('.') || 'body';
  throw new AppError('bad_request', {
    message: `The request could not be understood: ${field}: ${issue?.message}.`,
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id from the path. @throws AppError `missing` for what cannot be one: nothing bears it */
export function pathId(id: string, missing: ErrorCode): string {
  if (!UUID.test(id)) throw new AppError(missing);
  return id.toLowerCase();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_json', { cause });
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length')) > maxBytes) {
    throw new AppError('body_too_large');
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || !value) break;
    size += value.length;
    if (size > maxBytes) {
      await reader?.cancel();
      throw new AppError('body_too_large');
    }
    pieces.push(value);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}
