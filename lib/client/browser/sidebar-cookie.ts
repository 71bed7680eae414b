/** The cookie's name. From the cookie the server renders the sidebar as the user left it. */
export const SIDEBAR_COOKIE = 'throughline.sidebar';

const YEAR_S = 60 * 60 * 24 * 365;

/** Also called on the server. */
export function isSidebarCollapsed(cookieValue: string | undefined): boolean {
  return cookieValue === 'collapsed';
}

export function saveSidebarCollapsed(collapsed: boolean): void {
  const value = collapsed ? 'collapsed' : 'open';
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore does not exist on plain HTTP.
  document.cookie = `${SIDEBAR_COOKIE}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}
