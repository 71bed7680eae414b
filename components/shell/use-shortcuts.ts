'use client';

import { useEffect, useRef } from 'react';
import { isComposing } from '@/lib/client/browser/is-composing';
import { isApplePlatform, matchesShortcut } from '@/lib/client/browser/shortcuts';
import { toast } from '@/lib/client/browser/toast';
import { stopAnswer } from '@/lib/client/chat/chat-commands';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { useNewChat } from '@/lib/client/navigation/use-new-chat';
import { getUserSettings } from '@/lib/client/settings/settings-store';
import { keysOf } from '@/lib/client/settings/shortcut-keys';
import { openDialog, openSettings } from '@/lib/client/shell/open-dialog';
import { SHORTCUT_ACTIONS, type ShortcutAction } from '@/lib/protocol/shortcuts';
import { useSidebar } from './sidebar-state';

/** Open dialogs and menus, which handle keys themselves; not the small cards of the editors. */
const OVERLAYS = '[role$="dialog"][data-state="open"], [role="menu"]';

/**
 * Handles the page-wide shortcuts. They do nothing while a dialog or menu is open or an input
 * method composes text, and where an editor has handled the keys.
 */
export function useShortcuts(): void {
  const { toggle } = useSidebar();
  const newChat = useNewChat();
  const actions = useRef<Record<ShortcutAction, () => void> | null>(null);
  useEffect(() => {
    actions.current = {
      commandPalette: () => openDialog({ name: 'command-palette', mode: 'all' }),
      newChat,
      focusComposer,
      stop: stopAnswer,
      copyLastAnswer: () => copy('copyLastAnswer'),
      copyLastCode: () => copy('copyLastCode'),
      toggleSidebar: toggle,
      settings: () => openSettings(),
      keyboardShortcuts: () => openDialog({ name: 'keyboard-shortcuts' }),
    };
  });

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || isComposing(event)) return;
      const { shortcutsEnabled, shortcuts } = getUserSettings();
      if (!shortcutsEnabled) return;
      const action = SHORTCUT_ACTIONS.find((name) =>
        matchesShortcut(keysOf(shortcuts, name), event, isApplePlatform()),
      );
      if (!action || document.querySelector(OVERLAYS)) return;
      event.preventDefault();
      // A key that is held down must not repeat the action, nor do what the browser does with it.
      if (!event.repeat) actions.current?.[action]();
    }
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

function copy(command: 'copyLastAnswer' | 'copyLastCode'): void {
  import('@/lib/client/chat/copy-commands').then(
    (commands) => commands[command](),
    () => toast.error('Loading failed. Check that the server is running, then try again.'),
  );
}
