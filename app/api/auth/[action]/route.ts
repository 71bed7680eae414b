import { signIn, signOut, signUp } from '@/lib/auth/credentials';
import { AppError } from '@/lib/errors';
import { answerSession } from '../../session/answer';
import { readSmallJson } from '../read-small-json';

/** POST /api/auth/sign-in | sign-up {email, password, name?} | sign-out → SessionInfo, with cookies. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ action: string }> },
): Promise<Response> {
  const { action } = await params;
  const { headers } = request;
  return answerSession(async () => {
    switch (action) {
      case 'sign-in':
        return signIn(headers, await readSmallJson(request));
      case 'sign-up':
        return signUp(headers, await readSmallJson(request));
      case 'sign-out':
        return signOut(headers);
      default:
        throw new AppError('not_found');
    }
  });
}
