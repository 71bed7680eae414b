import { describe, expect, it } from 'vitest';
import { formatShortcut } from '@/lib/client/browser/shortcuts';

describe('a shortcut', () => {
  it('is written with symbols on an Apple keyboard', () => {
    expect(formatShortcut('$mod+Shift+O', true)).toBe('⌘⇧O');
  });
  it('is written with key names on other keyboards', () => {
    expect(formatShortcut('$mod+Shift+O', false)).toBe('Ctrl+Shift+O');
    expect(formatShortcut('Shift+Escape', false)).toBe('Shift+Esc');
  });
});
