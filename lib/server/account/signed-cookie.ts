import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Returns the value of a cookie signed by better-auth, or null if the signature is invalid.
 * Verified synchronously: better-auth verifies in the thread pool, where it would queue after
 * password hashes.
 * @param cookie as sent, without its name
 */
export function readSignedCookie(cookie: string, secret: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(cookie);
  } catch {
    return null;
  }
  const dot = decoded.lastIndexOf('.');
  if (dot < 1) return null;
  const value = decoded.slice(0, dot);
  const expected = createHmac('sha256', secret).update(value).digest();
  const signature = Buffer.from(decoded.slice(dot + 1), 'base64');
  return signature.length === expected.length && timingSafeEqual(signature, expected)
    ? value
    : null;
}
