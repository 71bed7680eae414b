import { reasonOf } from '@/lib/auth/reason';
import { type Session, toSessionInfo } from '@/lib/auth/session';
import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';

/** A SessionInfo with its cookies, or the ErrorBody of why there is none. Never cached. */
export async function answerSession(find: () => Promise<Session>): Promise<Response> {
  const headers = new Headers({ 'cache-control': 'no-store' });
  try {
    const { identity, cookies } = await find();
    for (const cookie of cookies) headers.append('set-cookie', cookie);
    return Response.json(toSessionInfo(identity), { headers });
  } catch (error) {
    const failure = AppError.from(error);
    if (failure.status >= 500) {
      logger.error({ code: failure.code, reason: reasonOf(failure) }, 'no session could be given');
    }
    return Response.json(failure.toBody(), { status: failure.status, headers });
  }
}
