import { describe, expect, it } from 'vitest';
import { shortcutOf } from '@/lib/client/browser/record-shortcut';
import { formatShortcut, matchesShortcut } from '@/lib/client/browser/shortcuts';

describe('a shortcut', () => {
  it('is written with symbols on an Apple keyboard', () => {
    expect(formatShortcut('$mod+Shift+O', true)).toBe('⌘⇧O');
  });
  it('is written with key names on other keyboards', () => {
    expect(formatShortcut('$mod+Shift+O', false)).toBe('Ctrl+Shift+O');
    expect(formatShortcut('Shift+Escape', false)).toBe('Shift+Esc');
  });
});

const NO_MODIFIERS = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
type Modifiers = Partial<typeof NO_MODIFIERS>;
const press = (key: string, code: string, modifiers: Modifiers = {}) => ({
  ...NO_MODIFIERS,
  ...modifiers,
  ...{ key, code },
});
const CTRL = { ctrlKey: true };
const CTRL_SHIFT = { ctrlKey: true, shiftKey: true };

describe('the keys of a shortcut', () => {
  it.each([
    ['$mod+K', press('k', 'KeyK', CTRL)],
    ['$mod+K', press('K', 'KeyK', CTRL)], // Caps lock.
    ['$mod+Shift+O', press('O', 'KeyO', CTRL_SHIFT)],
    ['$mod+K', press('л', 'KeyK', CTRL)], // Cyrillic.
    ['$mod+Shift+;', press(':', 'Semicolon', CTRL_SHIFT)], // US.
    ['$mod+Shift+;', press(';', 'Comma', CTRL_SHIFT)], // German.
    ['$mod+/', press('/', 'Slash', CTRL)],
    ['$mod+/', press('/', 'Digit7', CTRL_SHIFT)], // German.
    ['$mod+,', press(',', 'Comma', CTRL)],
    ['Shift+Escape', press('Escape', 'Escape', { shiftKey: true })],
  ])('%s matches the keys %j', (keys, event) => {
    expect(matchesShortcut(keys, event, false)).toBe(true);
  });

  it.each([
    ['$mod+K', press('k', 'KeyK')],
    ['$mod+K', press('K', 'KeyK', CTRL_SHIFT)],
    ['$mod+K', press('k', 'KeyK', { metaKey: true })],
    ['$mod+K', press('k', 'KeyK', { ...CTRL, altKey: true })],
    // Dvorak: the key at the place of S types O.
    ['$mod+Shift+S', press('O', 'KeyS', CTRL_SHIFT)],
    ['Shift+Escape', press('Escape', 'Escape')],
    ['', press('', '')],
  ])('%s does not match the keys %j', (keys, event) => {
    expect(matchesShortcut(keys, event, false)).toBe(false);
  });

  it('has Command instead of Control on Apple keyboards', () => {
    expect(matchesShortcut('$mod+K', press('k', 'KeyK', { metaKey: true }), true)).toBe(true);
    expect(matchesShortcut('$mod+K', press('k', 'KeyK', CTRL), true)).toBe(false);
  });

  it.each([
    [press('K', 'KeyK', CTRL_SHIFT), '$mod+Shift+K'],
    [press(':', 'Semicolon', CTRL_SHIFT), '$mod+Shift+;'],
    [press('л', 'KeyK', CTRL), '$mod+K'],
    [press('+', 'BracketRight', CTRL), '$mod++'],
    [press('F2', 'F2'), 'F2'],
    [press('x', 'KeyX', { altKey: true }), 'Alt+X'],
  ])('is recorded from the keys %j, and matches them', (event, keys) => {
    expect(shortcutOf(event, false)).toBe(keys);
    expect(matchesShortcut(keys, event, false)).toBe(true);
  });

  it.each([
    press('Control', 'ControlLeft', CTRL),
    press('a', 'KeyA'),
    press('A', 'KeyA', { shiftKey: true }),
    press(' ', 'Space', CTRL),
    press('Tab', 'Tab', { shiftKey: true }),
  ])('is not recorded from the keys %j', (event) => {
    expect(shortcutOf(event, false)).toBeNull();
  });
});
