import { getConfig } from '@/lib/config';
import { AppError } from '@/lib/errors';

/**
 * The address that a person has in their browser, and the one they come from, as far as a request
 * tells. Next.js fills in the x-forwarded-* headers from the connection where no proxy has set them.
 */

/** Whether the person's own address is https: then, and only then, cookies are Secure. */
export function isHttps(headers: Headers, publicUrl: string | null): boolean {
  if (publicUrl !== null) return new URL(publicUrl).protocol === 'https:';
  return first(headers.get('x-forwarded-proto')) === 'https';
}

/** Host and port that the person's browser shows, or null where the request names none. */
function hostOf(headers: Headers, publicUrl: string | null): string | null {
  if (publicUrl !== null) return new URL(publicUrl).host;
  return first(headers.get('x-forwarded-host')) ?? headers.get('host')?.toLowerCase() ?? null;
}

/**
 * Whether a page of this app sent the request, or no page at all. Browsers say so in
 * Sec-Fetch-Site, but only at https and localhost; elsewhere the Origin must name our own host.
 * The scheme is not compared: a proxy that ends TLS may not tell us about it.
 */
export function isFromOurPages(headers: Headers, publicUrl: string | null): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = headers.get('origin');
  if (origin === null) return true;
  const host = hostOf(headers, publicUrl);
  if (host === null || !URL.canParse(origin)) return false;
  const { protocol } = new URL(origin);
  // Browsers leave a scheme's own port out of Origin, proxies do not always leave it out of Host.
  return URL.canParse(`${protocol}//${host}`) && new URL(`${protocol}//${host}`).origin === origin;
}

/** @throws AppError foreign_page where a page of another site sent the request */
export function refuseForeignPages(headers: Headers): void {
  if (!isFromOurPages(headers, getConfig().auth.publicUrl)) throw new AppError('foreign_page');
}

/**
 * The address that the nearest proxy saw, or the connection's own. Entries before the last are
 * whatever the sender claims. Without a proxy the last one is too, so it only slows honest mistakes
 * and careless attacks down: guesses at one account are counted by account (lib/auth/throttle).
 */
export function clientAddress(headers: Headers): string | null {
  const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return last ? last : null;
}

function first(list: string | null): string | null {
  const value = list?.split(',')[0]?.trim().toLowerCase();
  return value ? value : null;
}
