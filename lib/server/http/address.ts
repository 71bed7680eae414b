import { isIP, isIPv6 } from 'node:net';
import { AppError } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { peerAddressHeader } from '@/lib/server/http/peer-address';

/**
 * The URL at which users reach the app, and the IP address a request comes from. Next.js fills in
 * the x-forwarded-* headers from the connection if no proxy has set them.
 */

/** Whether users reach the app over https. Only then are cookies Secure. */
export function isHttps(headers: Headers, publicUrl: string | null): boolean {
  if (publicUrl !== null) return new URL(publicUrl).protocol === 'https:';
  return firstListItem(headers.get('x-forwarded-proto')) === 'https';
}

/** Host and port in the browser's address bar, or null if the request names none. */
function requestHost(headers: Headers, publicUrl: string | null): string | null {
  if (publicUrl !== null) return new URL(publicUrl).host;
  return (
    firstListItem(headers.get('x-forwarded-host')) ?? headers.get('host')?.toLowerCase() ?? null
  );
}

/**
 * Whether a page of this app, or no page at all, sent the request. Browsers send Sec-Fetch-Site
 * only to https and localhost; elsewhere the Origin must have the app's host. The scheme is not
 * compared, because a proxy that terminates TLS may not forward it.
 */
export function isSameOrigin(headers: Headers, publicUrl: string | null): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = headers.get('origin');
  if (origin === null) return true;
  const host = requestHost(headers, publicUrl);
  if (host === null || !URL.canParse(origin)) return false;
  const { protocol } = new URL(origin);
  // Browsers omit a scheme's default port in Origin; proxies do not always omit it in Host.
  return URL.canParse(`${protocol}//${host}`) && new URL(`${protocol}//${host}`).origin === origin;
}

/** @throws AppError cross_origin if a page of another origin sent the request */
export function rejectCrossOrigin(headers: Headers): void {
  if (!isSameOrigin(headers, getConfig().auth.publicUrl)) throw new AppError('cross_origin');
}

/**
 * Returns the client's IP address: the connection's or, behind `trustedProxies` proxies that each
 * append the address they saw to x-forwarded-for, the one the outermost proxy saw. Earlier entries
 * are set by the client and not trusted. An IPv6 address is reduced to its /64 network, which
 * usually belongs to one customer.
 * @returns 'unknown' if there is no connection, as in tests
 */
export function clientAddress(headers: Headers, trustedProxies: number | null): string {
  const peer = headers.get(peerAddressHeader()) ?? '';
  const forwardedFor = headers.get('x-forwarded-for')?.split(',') ?? [];
  const proxies = trustedProxies ?? 0;
  const forwarded = forwardedFor[Math.max(0, forwardedFor.length - proxies)];
  const claimed = proxies > 0 && forwarded !== undefined ? withoutPort(forwarded) : '';
  return toNetwork(isIP(claimed) ? claimed : peer) ?? 'unknown';
}

function withoutPort(text: string): string {
  const [, bracketed, v4] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text.trim()) ?? [];
  return bracketed ?? v4 ?? text.trim();
}

function toNetwork(address: string): string | null {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return isIP(address) ? address : null;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const leading = head.split(':').filter(Boolean);
  const trailing = tail?.split(':').filter(Boolean) ?? [];
  const missingGroups = tail === undefined ? 0 : Math.max(0, 8 - leading.length - trailing.length);
  const groups = [...leading, ...Array<string>(missingGroups).fill('0'), ...trailing].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

function firstListItem(list: string | null): string | null {
  const value = list?.split(',')[0]?.trim().toLowerCase();
  return value ? value : null;
}
