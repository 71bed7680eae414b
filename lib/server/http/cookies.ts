/** Prefix of the app's cookie names, after `__Secure-` over https. */
export const COOKIE_PREFIX = 'throughline';

/** The app sets four (session, session cache, remember flag, device), and as many over https. */
const MAX_APP_COOKIES = 16;
const APP_COOKIE = new RegExp(`^(?:__Secure-|__Host-)?${COOKIE_PREFIX}[.=]`);

/** Returns the app's own cookies from a Cookie header; undefined if there are none. */
export function appCookies(header: string): string | undefined {
  const own = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => APP_COOKIE.test(pair))
    .slice(0, MAX_APP_COOKIES);
  return own.length > 0 ? own.join('; ') : undefined;
}

/**
 * Returns one cookie of the request as sent: `name=value`.
 * @returns null if absent
 */
export function findCookie(headers: Headers, name: string): string | null {
  const pairs = headers.get('cookie')?.split(';') ?? [];
  return pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`)) ?? null;
}
