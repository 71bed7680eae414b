'use client';

/**
 * Navigation between chats. The chat page fetches and displays the chat named by the URL, so
 * navigation only changes the URL and loads no page: the app stays usable without a network.
 */
import { useRouter } from 'next/navigation';
import { useCallback, useEffect } from 'react';
import {
  beginNavigation,
  navigateWithoutOverlays,
} from '@/lib/client/navigation/use-close-on-back';

/** Number of mounted pages that follow the URL; 0 while the router displays an error. */
let mountedPages = 0;

/** For a page that displays whichever chat the URL names. */
export function useRendersCurrentUrl(): void {
  useEffect(() => {
    mountedPages += 1;
    return () => {
      mountedPages -= 1;
    };
  }, []);
}

/** Navigates to "/" or to a chat's URL. `replace` replaces the history entry of the page. */
export type Navigate = (path: string, options?: { replace?: boolean }) => void;

export function useNavigate(): Navigate {
  const router = useRouter();
  return useCallback(
    (path, { replace = false } = {}) => {
      const navigate = () => {
        const shouldReplace = beginNavigation() || replace;
        if (mountedPages === 0) router[shouldReplace ? 'replace' : 'push'](path);
        else history[shouldReplace ? 'replaceState' : 'pushState'](null, '', path);
      };
      if (replace) navigateWithoutOverlays(navigate);
      else navigate();
    },
    [router],
  );
}
