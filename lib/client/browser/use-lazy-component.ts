'use client';

import { type ComponentType, useCallback, useRef, useState } from 'react';
import { isInteractiveFocused } from '@/lib/client/browser/focus';
import { toast } from '@/lib/client/browser/toast';

type Loader<Props> = () => Promise<{ default: ComponentType<Props> }>;

/**
 * Asks for the component.
 * @param close called where what was opened with it must not open any more: it could not be fetched, or
 *   arrived after the user had begun to type elsewhere. Absent where it is only loaded in advance.
 */
type RequestComponent = (onUnavailable?: () => void) => void;

/**
 * A component that is fetched when it is first asked for. Unlike React.lazy, one that cannot be
 * fetched (the server is restarting) is a toast and can be asked for again: the page stays.
 *
 * @param load the same function in every render
 * @returns the component, null until it is there, and the way to ask for it
 */
export function useLazyComponent<Props>(
  load: Loader<Props>,
): [ComponentType<Props> | null, RequestComponent] {
  const [Component, setComponent] = useState<ComponentType<Props> | null>(null);
  const isLoaded = useRef(false);
  const request = useCallback<RequestComponent>(
    (onUnavailable) => {
      // It has opened by now, and has the focus itself.
      if (isLoaded.current) return;
      const focusedAtRequest = document.activeElement;
      load().then(
        (module) => {
          if (document.activeElement !== focusedAtRequest && isInteractiveFocused())
            onUnavailable?.();
          isLoaded.current = true;
          setComponent(() => module.default);
        },
        () => {
          onUnavailable?.();
          toast.error('That could not be loaded. Is the server running? Try again.');
        },
      );
    },
    [load],
  );
  return [Component, request];
}
