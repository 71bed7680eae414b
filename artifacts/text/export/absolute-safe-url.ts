import { safeUrl } from '@/lib/client/markdown/safe-url';

/**
 * The address where a file may lead to it, else ''. Only absolute ones: outside the app a relative one
 * leads nowhere, or to a folder or a host that whoever wrote it has chosen (`\\host\share`, `//host`).
 */
export function absoluteSafeUrl(url: string): string {
  return /^\s*[a-z][a-z\d+.-]*:/i.test(url) ? safeUrl(url) : '';
}
