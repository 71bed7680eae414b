'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { SignInPromptLoader } from '@/components/account/sign-in-prompt-loader';
import { cn } from '@/components/ui/class-names';
import { ensureSession } from '@/lib/client/account/session';
import { SessionReadyContext } from '@/lib/client/account/session-ready';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { usePreventFileDrop } from '@/lib/client/browser/use-prevent-file-drop';
import { useHistoryEvents } from '@/lib/client/history/use-history-events';
import { useCloseOnBack } from '@/lib/client/navigation/use-close-on-back';
import { useApplySettings } from '@/lib/client/settings/use-apply-settings';
import { ChatHeader } from './chat-header';
import { PageErrorBoundary } from './page-error-boundary';
import { ShellDialogs } from './shell-dialogs';
import { Sidebar } from './sidebar';
import { SidebarProvider, useSidebar } from './sidebar-state';
import { useShortcuts } from './use-shortcuts';

const loadSheet = () => import('./sidebar-sheet');

/** The layout of all chat pages: sidebar, main content, shortcuts, session. */
export function AppShell({
  initialCollapsed,
  hasSession,
  children,
}: {
  initialCollapsed: boolean;
  /** Whether the request had a session cookie. */
  hasSession: boolean;
  children: ReactNode;
}) {
  const [sessionReady, setSessionReady] = useState(hasSession);
  useEffect(() => {
    // The first visit gets a guest session without a prompt. Requests report a failure themselves.
    const markReady = () => setSessionReady(true);
    ensureSession().then(markReady, markReady);
  }, []);

  return (
    <SessionReadyContext value={sessionReady}>
      <SidebarProvider initialCollapsed={initialCollapsed}>
        <ShellLayout>{children}</ShellLayout>
      </SidebarProvider>
    </SessionReadyContext>
  );
}

function ShellLayout({ children }: { children: ReactNode }) {
  const { collapsed, sheetOpen, closeSheet } = useSidebar();
  const [SidebarSheet, requestSheet] = useLazyComponent(loadSheet);
  useEffect(() => {
    if (sheetOpen) requestSheet(closeSheet);
  }, [sheetOpen, requestSheet, closeSheet]);
  useShortcuts();
  usePreventFileDrop();
  useCloseOnBack(sheetOpen, closeSheet);
  useHistoryEvents();
  useApplySettings();
  return (
    <div className="print-expanded flex h-dvh overflow-hidden pr-[env(safe-area-inset-right)] pl-[env(safe-area-inset-left)]">
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
          'shrink-0 overflow-hidden bg-sidebar print:hidden transition-[width] duration-200 ease-out max-md:hidden',
          collapsed ? 'w-0' : 'w-70 border-r',
        )}
      >
        <Sidebar className="w-70" />
      </aside>
      <main
        id="main"
        tabIndex={-1}
        className="print-expanded flex min-w-0 flex-1 flex-col outline-none"
      >
        <SignInPromptLoader />
        <PageErrorBoundary header={<ChatHeader />}>{children}</PageErrorBoundary>
      </main>
      {sheetOpen && SidebarSheet && <SidebarSheet />}
      <ShellDialogs />
    </div>
  );
}
