import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { AppShell } from '@/components/shell/app-shell';
import { isSidebarCollapsed, SIDEBAR_COOKIE } from '@/lib/client/browser/sidebar-cookie';

/** The end of the session cookie's name: over https it has a prefix. */
const SESSION_COOKIE_SUFFIX = 'throughline.session_token';

/** The history is read by the browser: the page's first byte waits for no database. */
export default async function ChatLayout({ children }: { children: ReactNode }) {
  const cookieStore = await cookies();
  return (
    <AppShell
      initialCollapsed={isSidebarCollapsed(cookieStore.get(SIDEBAR_COOKIE)?.value)}
      hasSession={cookieStore.getAll().some(({ name }) => name.endsWith(SESSION_COOKIE_SUFFIX))}
    >
      {children}
    </AppShell>
  );
}
