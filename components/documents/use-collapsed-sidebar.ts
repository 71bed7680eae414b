'use client';

import { useEffect, useRef } from 'react';
import { useSidebar } from '@/components/shell/sidebar-state';

/** The panel is next to the chat, and the window is too narrow for the sidebar as well. */
const NARROW_QUERY = '(min-width: 64rem) and (max-width: 79.99rem)';

/** Collapses the sidebar while the panel is open, unless there is space; the user can reopen it. */
export function useCollapsedSidebar(): void {
  const { collapsed, setCollapsed } = useSidebar();
  const latest = useRef(collapsed);
  useEffect(() => {
    latest.current = collapsed;
  });
  useEffect(() => {
    if (latest.current || !matchMedia(NARROW_QUERY).matches) return;
    setCollapsed(true);
    return () => setCollapsed(false);
  }, [setCollapsed]);
}
