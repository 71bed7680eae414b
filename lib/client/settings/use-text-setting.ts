'use client';

import { useEffect, useRef, useState } from 'react';
import type { PersonalSettings } from '@/lib/protocol/user-settings';
import { saveUserSettings, useUserSettings } from './settings-store';

/** A text is saved when the user has not typed for this time, or leaves the field. */
const SAVE_DELAY_MS = 800;

/**
 * A setting that the user types. A change in another tab replaces the text, unless the user has
 * changed it here since the last save.
 * @param maxChars a longer text is not saved
 */
export function useTextSetting(key: keyof PersonalSettings, maxChars: number) {
  const stored = useUserSettings((settings) => settings[key]);
  /** Null while the stored text is displayed. */
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const unsaved = useRef<string | null>(null);

  function save() {
    clearTimeout(timer.current);
    const text = unsaved.current;
    unsaved.current = null;
    if (text !== null) saveUserSettings({ [key]: text.trim() });
  }
  const latestSave = useRef(save);
  useEffect(() => {
    latestSave.current = save;
  });
  // The dialog closes, or another tab of it opens.
  useEffect(() => () => latestSave.current(), []);

  return {
    text: typed ?? stored,
    excess: Math.max(0, (typed ?? '').trim().length - maxChars),
    onChange(text: string) {
      setTyped(text);
      clearTimeout(timer.current);
      unsaved.current = text.trim().length > maxChars ? null : text;
      timer.current = setTimeout(() => latestSave.current(), SAVE_DELAY_MS);
    },
    onBlur() {
      save();
      // A text that is too long stays, with its error.
      if (typed !== null && typed.trim().length <= maxChars) setTyped(null);
    },
  };
}
