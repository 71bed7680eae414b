import { ensureSession, renewSession } from '@/lib/auth/session';
import { route } from '@/lib/http/route';
import { sessionResponse } from './session-response';

/** Who is asking; renews the session's cookies. */
export const GET = route(async ({ headers }) => sessionResponse(await renewSession(headers)));

/** As GET; makes a guest where there is nobody. */
export const POST = route(async ({ headers }) => sessionResponse(await ensureSession(headers)));
