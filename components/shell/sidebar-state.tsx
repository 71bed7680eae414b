'use client';

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react';
import { saveSidebarCollapsed } from '@/lib/client/browser/sidebar-cookie';

type SidebarState = {
  /** Wide screens: the sidebar is collapsed. */
  collapsed: boolean;
  /** Collapses or expands it on this page only: the user's own choice is kept for the next one. */
  setCollapsed: (collapsed: boolean) => void;
  /** Narrow screens: the sidebar is open over the page. */
  sheetOpen: boolean;
  /** Shows or hides the sidebar, depending on the screen width. */
  toggle: () => void;
  closeSheet: () => void;
};

const SidebarContext = createContext<SidebarState | null>(null);

/** Tailwind's `md` breakpoint, from which the sidebar is next to the page. */
const WIDE_SCREEN_QUERY = '(min-width: 48rem)';

export function SidebarProvider({
  initialCollapsed,
  children,
}: {
  initialCollapsed: boolean;
  children: ReactNode;
}) {
  const [collapsed, setCollapsed] = useState(initialCollapsed);
  const [sheetOpen, setSheetOpen] = useState(false);

  const toggle = useCallback(() => {
    if (!matchMedia(WIDE_SCREEN_QUERY).matches) {
      setSheetOpen((open) => !open);
      return;
    }
    setCollapsed((before) => {
      saveSidebarCollapsed(!before);
      return !before;
    });
  }, []);
  const closeSheet = useCallback(() => setSheetOpen(false), []);

  // Close the sheet when the window becomes wide: the sidebar is next to the page again.
  useEffect(() => {
    const wide = matchMedia(WIDE_SCREEN_QUERY);
    wide.addEventListener('change', closeSheet);
    return () => wide.removeEventListener('change', closeSheet);
  }, [closeSheet]);

  const state = useMemo(
    () => ({ collapsed, setCollapsed, sheetOpen, toggle, closeSheet }),
    [collapsed, sheetOpen, toggle, closeSheet],
  );
  return <SidebarContext value={state}>{children}</SidebarContext>;
}

export function useSidebar(): SidebarState {
  const state = useContext(SidebarContext);
  if (!state) throw new Error('useSidebar needs a SidebarProvider above it');
  return state;
}
