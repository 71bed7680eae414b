'use client';

import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { isComposing } from '@/lib/client/browser/is-composing';
import { SHORTCUTS } from '@/lib/client/browser/shortcuts';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { useNewChat } from '@/lib/client/navigation/use-new-chat';
import { useSidebar } from './sidebar-state';

/** Handles the page-wide shortcuts. */
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
