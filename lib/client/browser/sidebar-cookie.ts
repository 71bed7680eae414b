import { SIDEBAR_COOKIE } from '@/lib/protocol/sidebar-cookie';

const YEAR_S = 60 * 60 * 24 * 365;

export function saveSidebarCollapsed(collapsed: boolean): void {
  const value = collapsed ? 'collapsed' : 'open';
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore does not exist on plain HTTP.
  document.cookie = `${SIDEBAR_COOKIE}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}
