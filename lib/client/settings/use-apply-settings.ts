'use client';

import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { useLiveEvents } from '@/lib/client/live/use-live-events';
import { APPEARANCE_COOKIE, formatAppearance } from '@/lib/protocol/appearance-cookie';
import { loadUserSettings, useChosenTheme, useUserSettings } from './settings-store';

const YEAR_S = 60 * 60 * 24 * 365;

/** Keeps the settings up to date and applies those for the appearance of the page. */
export function useApplySettings(): void {
  useLiveEvents((event) => {
    // A failure needs no message: the next connection tries again.
    if (event.type === 'ready' || event.type === 'settings-updated')
      loadUserSettings().catch(() => {});
  });

  const chosenTheme = useChosenTheme();
  const { setTheme } = useTheme();
  useEffect(() => {
    if (chosenTheme) setTheme(chosenTheme);
  }, [chosenTheme, setTheme]);

  const textSize = useUserSettings((settings) => settings.textSize);
  const columnWidth = useUserSettings((settings) => settings.columnWidth);
  useEffect(() => {
    const { dataset } = document.documentElement;
    dataset.textSize = textSize;
    dataset.columnWidth = columnWidth;
    const value = formatAppearance({ textSize, columnWidth });
    // biome-ignore lint/suspicious/noDocumentCookie: cookieStore does not exist on plain HTTP.
    document.cookie = `${APPEARANCE_COOKIE}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
  }, [textSize, columnWidth]);
}
