'use client';

/**
 * Ways between chats. The page of a chat shows whichever chat the address names and fetches it by
 * itself, so going to one changes the address and loads no page: without a network the app stays.
 */
import { useRouter } from 'next/navigation';
import { useCallback, useEffect } from 'react';
import { replacesOverlay } from '@/lib/client/use-back-closes';

/** Whether a page that follows the address is there: not so where the router shows an error. */
let followers = 0;

/** For a page that shows the chat that the address names, whatever that is. */
export function useFollowsAddress(): void {
  useEffect(() => {
    followers += 1;
    return () => {
      followers -= 1;
    };
  }, []);
}

/** Goes to "/" or to a chat's address. `replace`: without a way back to what is left. */
export type GoTo = (path: string, how?: { replace?: boolean }) => void;

export function useGoTo(): GoTo {
  const router = useRouter();
  return useCallback(
    (path, { replace = false } = {}) => {
      const replaces = replacesOverlay() || replace;
      if (followers === 0) router[replaces ? 'replace' : 'push'](path);
      else if (replaces) history.replaceState(null, '', path);
      else history.pushState(null, '', path);
    },
    [router],
  );
}
