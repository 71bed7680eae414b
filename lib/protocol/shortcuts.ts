/** The actions that have a page-wide keyboard shortcut, with their default keys (tinykeys notation). */
export const DEFAULT_SHORTCUTS = {
  commandPalette: '$mod+K',
  newChat: '$mod+Shift+O',
  focusComposer: 'Shift+Escape',
  stop: '$mod+Shift+X',
  copyLastAnswer: '$mod+Shift+C',
  copyLastCode: '$mod+Shift+;',
  toggleSidebar: '$mod+Shift+S',
  settings: '$mod+,',
  keyboardShortcuts: '$mod+/',
} as const satisfies Record<string, string>;

export type ShortcutAction = keyof typeof DEFAULT_SHORTCUTS;

export const SHORTCUT_ACTIONS = Object.keys(DEFAULT_SHORTCUTS) as ShortcutAction[];
