import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { AppShell } from '@/components/shell/app-shell';
import { isSidebarCollapsed, SIDEBAR_COOKIE } from '@/lib/protocol/sidebar-cookie';

/** Suffix of the session cookie's name, which has a prefix over https. */
const SESSION_COOKIE_SUFFIX = 'throughline.session_token';

/** The browser fetches the history, so the page's first byte does not wait for the database. */
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
