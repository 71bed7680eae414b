import { ensureSession, renewSession } from '@/lib/auth/session';
import { answerSession } from './answer';

/** Who is asking; renews the session's cookies. */
export function GET(request: Request): Promise<Response> {
  return answerSession(() => renewSession(request.headers));
}

/** As GET; makes a guest where there is nobody. */
export function POST(request: Request): Promise<Response> {
  return answerSession(() => ensureSession(request.headers));
}
