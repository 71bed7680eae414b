'use client';

import { useEffect, useRef } from 'react';
import { useSWRConfig } from 'swr';

/**
 * Drops the connection and useChat's cached state when the conversation leaves the page for good.
 * @param dispose resolves once the state is not needed any more
 */
export function useDisposeOnUnmount(key: string, dispose: () => Promise<void>): void {
  const { cache } = useSWRConfig();
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
      // StrictMode unmounts and mounts again at once.
      setTimeout(async () => {
        if (mounted.current) return;
        await dispose();
        for (const name of [...cache.keys()]) if (name.includes(key)) cache.delete(name);
      });
    };
  }, [key, dispose, cache]);
}
