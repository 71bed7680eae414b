/** Page-wide keyboard shortcuts, in tinykeys notation. */
export const SHORTCUTS = {
  newChat: '$mod+Shift+O',
  toggleSidebar: '$mod+B',
  focusComposer: 'Shift+Escape',
  /** For the selection in a document of any kind. */
  askForChange: 'Alt+Enter',
} as const;

const APPLE_KEY_NAMES: Record<string, string> = { $mod: '⌘', Shift: '⇧', Alt: '⌥', Control: '⌃' };
const OTHER_KEY_NAMES: Record<string, string> = { $mod: 'Ctrl', Control: 'Ctrl' };
const KEY_NAMES: Record<string, string> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** Formats "$mod+Shift+O" as "⌘⇧O" for Apple keyboards, "Ctrl+Shift+O" for others. */
export function formatShortcut(keys: string, apple: boolean): string {
  const names = keys
    .split('+')
    .map((key) => (apple ? APPLE_KEY_NAMES : OTHER_KEY_NAMES)[key] ?? KEY_NAMES[key] ?? key);
  return names.join(apple ? '' : '+');
}

/** Browser only. */
export function isApplePlatform(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform);
}
