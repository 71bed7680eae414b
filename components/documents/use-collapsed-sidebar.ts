'use client';

import { useEffect, useRef } from 'react';
import { useSidebar } from '@/components/shell/sidebar-state';

/** The panel is next to the chat, and the window is too narrow for the sidebar as well. */
const NARROW_QUERY = '(min-width: 64rem) and (max-width: 79.99rem)';

/**
 * Collapses the sidebar while the panel is open and there is no space for both. The user can reopen
 * it; otherwise it returns with the space.
 */
export function useCollapsedSidebar(): void {
  const { collapsed, setCollapsed } = useSidebar();
  const isCollapsed = useRef(collapsed);
  /** Whether it was collapsed here, not by the user. */
  const collapsedHere = useRef(false);
  useEffect(() => {
    isCollapsed.current = collapsed;
    if (!collapsed) collapsedHere.current = false;
  }, [collapsed]);
  useEffect(() => {
    const narrow = matchMedia(NARROW_QUERY);
    const reopen = () => {
      if (collapsedHere.current) setCollapsed(false);
    };
    const update = () => {
      if (!narrow.matches) return reopen();
      if (isCollapsed.current) return;
      collapsedHere.current = true;
      setCollapsed(true);
    };
    update();
    narrow.addEventListener('change', update);
    return () => {
      narrow.removeEventListener('change', update);
      reopen();
    };
  }, [setCollapsed]);
}
