'use client';

import { type ReactNode, useEffect } from 'react';
import { usePart } from '@/components/account/use-part';
import { ensureSession } from '@/lib/client/http';
import { cn } from '@/lib/client/utils';
import { Sidebar } from './sidebar';
import { SidebarProvider, useSidebar } from './sidebar-state';
import { useShortcuts } from './use-shortcuts';

const loadSheet = () => import('./sidebar-sheet');

/** The frame of every page of the chat: sidebar, main part, shortcuts, session. */
export function AppShell({
  initialCollapsed,
  children,
}: {
  initialCollapsed: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    // Made without friction at the first visit. A failure shows at the first request that needs it.
    ensureSession().catch(() => {});
  }, []);

  return (
    <SidebarProvider initialCollapsed={initialCollapsed}>
      <Frame>{children}</Frame>
    </SidebarProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const { collapsed, sheetOpen } = useSidebar();
  const [SidebarSheet, askForSheet] = usePart(loadSheet);
  useEffect(() => {
    if (sheetOpen) askForSheet();
  }, [sheetOpen, askForSheet]);
  useShortcuts();
  return (
    <div className="flex h-dvh overflow-hidden pr-[env(safe-area-inset-right)] pl-[env(safe-area-inset-left)]">
      <a
        href="#main"
        className="sr-only z-60 rounded-md bg-primary px-3 py-2 font-medium text-primary-foreground text-sm focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the conversation
      </a>
      <aside
        aria-label="Sidebar"
        inert={collapsed}
        className={cn(
          'shrink-0 overflow-hidden border-r bg-sidebar transition-[width] duration-200 ease-out max-md:hidden',
          collapsed ? 'w-0 border-r-0' : 'w-70',
        )}
      >
        <Sidebar className="w-70" />
      </aside>
      <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
      {sheetOpen && SidebarSheet && <SidebarSheet />}
    </div>
  );
}
