'use client';

/**
 * Ways between chats. The page of a chat shows whichever chat the address names and fetches it by
 * itself, so going to one changes the address and loads no page: without a network the app stays.
 */
import { useRouter } from 'next/navigation';
import { useCallback, useEffect } from 'react';
import { beginNavigation } from '@/lib/client/navigation/use-close-on-back';

/** Whether a page that follows the address is there: not so where the router shows an error. */
let mountedPages = 0;

/** For a page that shows the chat that the address names, whatever that is. */
export function useRendersCurrentUrl(): void {
  useEffect(() => {
    mountedPages += 1;
    return () => {
      mountedPages -= 1;
    };
  }, []);
}

/** Goes to "/" or to a chat's address. `replace`: without a way back to what is left. */
export type Navigate = (path: string, options?: { replace?: boolean }) => void;

export function useNavigate(): Navigate {
  const router = useRouter();
  return useCallback(
    (path, { replace = false } = {}) => {
      const shouldReplace = beginNavigation() || replace;
      if (mountedPages === 0) router[shouldReplace ? 'replace' : 'push'](path);
      else if (shouldReplace) history.replaceState(null, '', path);
      else history.pushState(null, '', path);
    },
    [router],
  );
}
