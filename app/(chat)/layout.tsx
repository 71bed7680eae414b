import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { AppShell } from '@/components/sidebar/app-shell';
import { isSidebarCollapsed, SIDEBAR_COOKIE } from '@/components/sidebar/sidebar-cookie';

/** The history is read by the browser: the page's first byte waits for no database. */
export default async function ChatLayout({ children }: { children: ReactNode }) {
  const collapsed = isSidebarCollapsed((await cookies()).get(SIDEBAR_COOKIE)?.value);
  return <AppShell initialCollapsed={collapsed}>{children}</AppShell>;
}
