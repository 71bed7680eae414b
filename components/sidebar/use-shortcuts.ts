'use client';

import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { focusComposer } from '@/lib/client/composer';
import { isComposing } from '@/lib/client/is-composing';
import { SHORTCUTS } from '@/lib/client/shortcuts';
import { useSidebar } from './sidebar-state';
import { useNewChat } from './use-new-chat';

/** The shortcuts that work anywhere on the page. */
export function useShortcuts(): void {
  const { toggle } = useSidebar();
  const newChat = useNewChat();

  useEffect(() => {
    const onKeyPress = (action: () => void) => (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || isComposing(event)) return;
      event.preventDefault();
      action();
    };
    return tinykeys(window, {
      [SHORTCUTS.newChat]: onKeyPress(newChat),
      [SHORTCUTS.toggleSidebar]: onKeyPress(toggle),
      [SHORTCUTS.focusComposer]: onKeyPress(focusComposer),
    });
  }, [newChat, toggle]);
}
