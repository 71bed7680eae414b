import { describe, expect, it } from 'vitest';
import { ignoreComposingEscape, isComposing } from '@/lib/client/browser/is-composing';

const key = (keyCode: number, isComposing: boolean) => ({ keyCode, isComposing });

describe('a key of an IME composition', () => {
  it('is recognized by the event, and by its key code after the composition in Safari', () => {
    expect(isComposing(key(13, true))).toBe(true);
    expect(isComposing(key(229, false))).toBe(true);
    expect(isComposing({ nativeEvent: key(229, false) })).toBe(true);
    expect(isComposing({ nativeEvent: key(13, false) })).toBe(false);
    expect(isComposing(key(27, false))).toBe(false);
  });

  it('does not close a dialog', () => {
    const event = { ...key(229, false), defaultPrevented: false };
    const prevent = {
      ...event,
      preventDefault: () => Object.assign(event, { defaultPrevented: true }),
    };
    ignoreComposingEscape(prevent as unknown as KeyboardEvent);
    expect(event.defaultPrevented).toBe(true);
  });
});
