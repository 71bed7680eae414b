import { ensureSession, renewSession, type Session, toSessionInfo } from '@/lib/auth/session';
import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';

/** Who is asking; renews the session's cookies. */
export function GET(request: Request): Promise<Response> {
  return answer(() => renewSession(request.headers));
}

/** As GET; makes a guest where there is nobody. */
export function POST(request: Request): Promise<Response> {
  return answer(() => ensureSession(request.headers));
}

async function answer(find: () => Promise<Session>): Promise<Response> {
  const headers = new Headers({ 'cache-control': 'no-store' });
  try {
    const { identity, cookies } = await find();
    for (const cookie of cookies) headers.append('set-cookie', cookie);
    return Response.json(toSessionInfo(identity), { headers });
  } catch (error) {
    const failure = AppError.from(error);
    logger.warn({ code: failure.code, err: failure.cause }, 'session not given');
    return Response.json(failure.toBody(), { status: failure.status, headers });
  }
}
