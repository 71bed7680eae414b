/**
 * Keyboard shortcuts in the notation of tinykeys ("$mod+Shift+O"; `$mod` is Command on Apple
 * keyboards, Control on others). Matched here, because the keys are settings, and a shortcut must
 * work on every keyboard: with Shift, ";" is ":" or another key, and "O" is "щ" in Cyrillic.
 */

/** The shortcut of selections in documents. Not a setting: the editors' own keymaps contain it. */
export const ASK_FOR_CHANGE_KEYS = 'Alt+Enter';

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

/** The key of a US keyboard by `KeyboardEvent.code`, and what it is with Shift. */
const US_PUNCTUATION: Record<string, [key: string, shifted: string]> = {
  Semicolon: [';', ':'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Quote: ["'", '"'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  Backquote: ['`', '~'],
};

export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'
>;

/** The key as in a shortcut: that of the US layout where the layout has no Latin letters. */
export function keyOf({ key, code }: KeyPress): string {
  const punctuation = US_PUNCTUATION[code];
  if (punctuation?.[1] === key) return punctuation[0];
  if (key.length === 1 && !/[!-~]/.test(key)) {
    const [, letterOrDigit] = /^(?:Key|Digit)(.)$/.exec(code) ?? [];
    return letterOrDigit ?? punctuation?.[0] ?? key;
  }
  return key.length === 1 ? key.toUpperCase() : key;
}

/** Whether the pressed keys are those of the shortcut. '' matches nothing. */
export function matchesShortcut(keys: string, event: KeyPress, apple: boolean): boolean {
  const parts = keys.split('+');
  const key = keys.endsWith('++') ? '+' : (parts.at(-1) ?? '');
  const needs = (name: string) => parts.includes(name);
  const control = needs('Control') || (!apple && needs('$mod'));
  const meta = needs('Meta') || (apple && needs('$mod'));
  const isLetterOrName = /^[A-Z]$|^.{2,}$/.test(key);
  return (
    key !== '' &&
    keyOf(event) === key &&
    event.ctrlKey === control &&
    event.metaKey === meta &&
    event.altKey === needs('Alt') &&
    // Some layouts need Shift for a character such as "/".
    (event.shiftKey === needs('Shift') || (event.shiftKey && !isLetterOrName && event.key === key))
  );
}
