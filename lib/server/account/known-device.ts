import { createHmac, randomBytes } from 'node:crypto';
import type { SignInContext } from '@/lib/server/account/methods/method';
import { findCookie } from '@/lib/server/http/cookies';

/** 400 days, the longest that browsers keep a cookie. */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;
/** Maximum number of accounts remembered per browser. */
const MAX_ACCOUNTS = 5;

/**
 * A browser that has signed in to accounts before, identified by a cookie that outlives sign-outs.
 * It grants no access; it only gives the browser a guess counter of its own, which wrong passwords
 * from elsewhere do not fill.
 */
export type KnownDevice = {
  id: string;
  /** Whether this browser has signed in to the account of this e-mail address before. */
  knowsAccount: boolean;
  /** Set-Cookie value that remembers the account on this browser. */
  cookie: string;
};

/** Returns the device that sent the request, or a new one if its cookie is absent or malformed. */
export function readKnownDevice(
  { headers, secret, cookies }: SignInContext,
  email: string,
): KnownDevice {
  const name = cookies.sessionToken.replace('session_token', 'device');
  const value = findCookie(headers, name)?.slice(name.length + 1) ?? '';
  const [sentId = '', ...sentTags] = value.split('.').slice(0, MAX_ACCOUNTS + 1);
  const isValid = /^[\w-]{22}$/.test(sentId) && sentTags.every((tag) => /^[\w-]{43}$/.test(tag));
  const id = isValid ? sentId : randomBytes(16).toString('base64url');
  const tags = isValid ? sentTags : [];
  const tag = createHmac('sha256', secret).update(`device ${id} ${email}`).digest('base64url');
  const newTags = [tag, ...tags.filter((other) => other !== tag)].slice(0, MAX_ACCOUNTS);
  const secure = cookies.secure ? '; Secure' : '';
  return {
    id,
    knowsAccount: tags.includes(tag),
    cookie: `${name}=${[id, ...newTags].join('.')}; Max-Age=${MAX_AGE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure}`,
  };
}
