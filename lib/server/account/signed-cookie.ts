import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The value of a cookie that better-auth signed, or null where the signature is not right. Checked
 * here and at once: the library does it in the thread pool, where it would wait behind password
 * hashes.
 * @param cookie as it was sent, without its name
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
