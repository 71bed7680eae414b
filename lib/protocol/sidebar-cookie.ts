/** The server reads this cookie to render the sidebar as the user left it. */
export const SIDEBAR_COOKIE = 'throughline.sidebar';

/** @param cookieValue undefined without the cookie */
export function isSidebarCollapsed(cookieValue: string | undefined): boolean {
  return cookieValue === 'collapsed';
}
