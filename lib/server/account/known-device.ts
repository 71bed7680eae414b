import { createHmac, randomBytes } from 'node:crypto';
import type { Auth } from '@/lib/server/account/better-auth';
import { findCookie } from '@/lib/server/http/cookies';

/** As long as browsers keep a cookie. */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;
/** Accounts that one browser is remembered for. */
const MAX_ACCOUNTS = 5;

/**
 * A browser that has signed in to accounts before, by a cookie that outlives sign-outs. It lets
 * nobody in: wrong passwords that others try at the account do not count against it.
 */
export type KnownDevice = {
  id: string;
  /** Whether it has signed in to the account of this e-mail address before. */
  knowsAccount: boolean;
  /** The Set-Cookie line that makes it known for the account. */
  cookie: string;
};

/** The device that sent the request; a new one where it is not known or its cookie is not ours. */
export async function readKnownDevice(
  auth: Auth,
  headers: Headers,
  email: string,
): Promise<KnownDevice> {
  const { secret, authCookies } = await auth.$context;
  const name = authCookies.sessionToken.name.replace('session_token', 'device');
  const value = findCookie(headers, name)?.slice(name.length + 1) ?? '';
  const [sentId = '', ...sentTags] = value.split('.').slice(0, MAX_ACCOUNTS + 1);
  const isValid = /^[\w-]{22}$/.test(sentId) && sentTags.every((tag) => /^[\w-]{43}$/.test(tag));
  const id = isValid ? sentId : randomBytes(16).toString('base64url');
  const tags = isValid ? sentTags : [];
  const tag = createHmac('sha256', secret).update(`device ${id} ${email}`).digest('base64url');
  const newTags = [tag, ...tags.filter((other) => other !== tag)].slice(0, MAX_ACCOUNTS);
  const secure = auth.options.advanced.useSecureCookies ? '; Secure' : '';
  return {
    id,
    knowsAccount: tags.includes(tag),
    cookie: `${name}=${[id, ...newTags].join('.')}; Max-Age=${MAX_AGE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure}`,
  };
}
