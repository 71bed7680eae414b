'use client';

import { type ComponentType, useCallback, useRef, useState } from 'react';
import { isInteractiveFocused } from '@/lib/client/browser/focus';
import { toast } from '@/lib/client/browser/toast';

export const LOADING_FAILED_MESSAGE =
  'Loading failed. Check that the server is running, then try again.';

type Loader<Props> = () => Promise<{ default: ComponentType<Props> }>;

/**
 * Requests the component.
 * @param onUnavailable called if the component must no longer open: it could not be fetched, or it
 *   arrived after the user had started to type elsewhere. Omit it for preloading, whose failure is
 *   not reported.
 */
type RequestComponent = (onUnavailable?: () => void) => void;

/**
 * A component that is fetched on first request. Unlike with React.lazy, a failed fetch (the server
 * is restarting) only displays a toast, and the component can be requested again.
 *
 * @param load the same function in every render
 * @returns the component (null until loaded) and the function that requests it
 */
export function useLazyComponent<Props>(
  load: Loader<Props>,
): [ComponentType<Props> | null, RequestComponent] {
  const [Component, setComponent] = useState<ComponentType<Props> | null>(null);
  const isLoaded = useRef(false);
  const request = useCallback<RequestComponent>(
    (onUnavailable) => {
      // The component is open and has the focus.
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
          if (!onUnavailable) return;
          onUnavailable();
          toast.error(LOADING_FAILED_MESSAGE);
        },
      );
    },
    [load],
  );
  return [Component, request];
}
