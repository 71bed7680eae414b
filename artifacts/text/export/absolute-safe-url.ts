import { safeUrl } from '@/lib/client/markdown/safe-url';

/**
 * Returns the URL if an exported file may link to it, else ''. Only absolute URLs: outside the app
 * a relative one is broken, or leads to a folder or host of the author's choice (`\\host\share`,
 * `//host`).
 */
export function absoluteSafeUrl(url: string): string {
  return /^\s*[a-z][a-z\d+.-]*:/i.test(url) ? safeUrl(url) : '';
}
