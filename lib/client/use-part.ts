'use client';

import { type ComponentType, useCallback, useRef, useState } from 'react';
import { isFocusInUse } from '@/lib/client/focus';
import { toast } from '@/lib/client/toast';

type Loader<Props> = () => Promise<{ default: ComponentType<Props> }>;

/**
 * Asks for the component.
 * @param close called where what was opened with it must not open any more: it could not be fetched, or
 *   arrived after the user had begun to type elsewhere. Absent where it is only loaded in advance.
 */
type Ask = (close?: () => void) => void;

/**
 * A component that is fetched when it is first asked for. Unlike React.lazy, one that cannot be
 * fetched (the server is restarting) is a toast and can be asked for again: the page stays.
 *
 * @param load the same function in every render
 * @returns the component, null until it is there, and the way to ask for it
 */
export function usePart<Props>(load: Loader<Props>): [ComponentType<Props> | null, Ask] {
  const [Part, setPart] = useState<ComponentType<Props> | null>(null);
  const isThere = useRef(false);
  const ask = useCallback<Ask>(
    (close) => {
      // It has opened by now, and has the focus itself.
      if (isThere.current) return;
      const askedFrom = document.activeElement;
      load().then(
        (module) => {
          if (document.activeElement !== askedFrom && isFocusInUse()) close?.();
          isThere.current = true;
          setPart(() => module.default);
        },
        () => {
          close?.();
          toast.error('That could not be loaded. Is the server running? Try again.');
        },
      );
    },
    [load],
  );
  return [Part, ask];
}
