'use client';

import { DEFAULT_SHORTCUTS, SHORTCUT_ACTIONS, type ShortcutAction } from '@/lib/protocol/shortcuts';
import type { UserSettings } from '@/lib/protocol/user-settings';
import { useUserSettings } from './settings-store';

/** The names of the actions, in the order in which they are listed. */
export const SHORTCUT_NAMES: Record<ShortcutAction, string> = {
  commandPalette: 'Command palette',
  newChat: 'New chat',
  focusComposer: 'Focus the message box',
  stop: 'Stop the answer',
  copyLastAnswer: 'Copy the last answer',
  copyLastCode: 'Copy the last code block',
  toggleSidebar: 'Toggle sidebar',
  settings: 'Settings',
  keyboardShortcuts: 'Keyboard shortcuts',
};

/** Returns the keys of an action; '' for none. */
export function keysOf(shortcuts: UserSettings['shortcuts'], action: ShortcutAction): string {
  return shortcuts[action] ?? DEFAULT_SHORTCUTS[action];
}

/** Returns the keys of an action, for display; undefined if it has none now. */
export function useShortcutKeys(action: ShortcutAction): string | undefined {
  const keys = useUserSettings(({ shortcutsEnabled, shortcuts }) =>
    shortcutsEnabled ? keysOf(shortcuts, action) : '',
  );
  return keys || undefined;
}

/** Returns the other actions with the same keys. */
export function conflictsOf(
  shortcuts: UserSettings['shortcuts'],
  action: ShortcutAction,
): ShortcutAction[] {
  const keys = keysOf(shortcuts, action);
  if (keys === '') return [];
  return SHORTCUT_ACTIONS.filter((other) => other !== action && keysOf(shortcuts, other) === keys);
}
