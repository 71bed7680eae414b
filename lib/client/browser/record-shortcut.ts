import { type KeyPress, keyOf } from '@/lib/client/browser/shortcuts';

const MODIFIER_KEYS = new Set(['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'Dead']);

/**
 * Returns the shortcut that the pressed keys stand for; null while only modifiers are pressed, and
 * for keys that type text.
 */
export function shortcutOf(event: KeyPress, apple: boolean): string | null {
  if (MODIFIER_KEYS.has(event.key) || event.key === ' ') return null;
  const key = keyOf(event);
  const modifiers = [
    (apple ? event.metaKey : event.ctrlKey) && '$mod',
    apple && event.ctrlKey && 'Control',
    !apple && event.metaKey && 'Meta',
    event.altKey && 'Alt',
    event.shiftKey && 'Shift',
  ].filter((modifier) => modifier !== false);
  const typesText = key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  const movesFocus = modifiers.every((modifier) => modifier === 'Shift') && key === 'Tab';
  return typesText || movesFocus ? null : [...modifiers, key].join('+');
}
