/** What the names of this app's cookies begin with, behind `__Secure-` at https. */
export const COOKIE_PREFIX = 'throughline';

/** The app's own: a session, its copy, whether to remember it, the device; and as many at https. */
const MAX_APP_COOKIES = 16;
const APP_COOKIE = new RegExp(`^(?:__Secure-|__Host-)?${COOKIE_PREFIX}[.=]`);

/** The cookies of a Cookie header that are this app's; undefined where there is none. */
export function appCookies(header: string): string | undefined {
  const own = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => APP_COOKIE.test(pair))
    .slice(0, MAX_APP_COOKIES);
  return own.length > 0 ? own.join('; ') : undefined;
}

/**
 * One cookie of a Cookie header, as it was sent: `name=value`.
 * @returns null where it is not among them
 */
export function findCookie(headers: Headers, name: string): string | null {
  const pairs = headers.get('cookie')?.split(';') ?? [];
  return pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`)) ?? null;
}
