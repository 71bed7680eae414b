'use client';

import { type CSSProperties, useCallback, useMemo, useState } from 'react';

const KEY = 'throughline.panelWidth';
/** Percent of the space that chat and panel share. */
export const MIN_WIDTH = 30;
export const MAX_WIDTH = 70;

export type PanelWidth = {
  /** In percent; null until the user has chosen one. */
  percent: number | null;
  style: CSSProperties | undefined;
  /** Sets the width; null restores the default. */
  set: (percent: number | null) => void;
};

/** The width of the panel next to the chat. It depends on the screen, so it is kept in the browser. */
export function usePanelWidth(): PanelWidth {
  const [percent, setPercent] = useState(readWidth);
  const set = useCallback((next: number | null) => {
    const width = next === null ? null : limitWidth(next);
    setPercent(width);
    try {
      if (width === null) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, String(width));
    } catch {
      // Storage is full or blocked: the width is lost with the page.
    }
  }, []);
  return useMemo(() => {
    const style = percent === null ? undefined : { '--panel-width': `${percent}%` };
    return { percent, style: style as CSSProperties | undefined, set };
  }, [percent, set]);
}

/** The nearest whole number within the limits. */
function limitWidth(percent: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, percent)));
}

function readWidth(): number | null {
  try {
    const stored = Number.parseFloat(localStorage.getItem(KEY) ?? '');
    return Number.isFinite(stored) ? limitWidth(stored) : null;
  } catch {
    return null;
  }
}
