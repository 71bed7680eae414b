'use client';

import { useEffect, useRef } from 'react';
import { useSWRConfig } from 'swr';

/**
 * Disposes of the conversation and deletes useChat's cached state after the final unmount.
 * @param dispose closes the connection; resolves once the state is no longer needed
 */
export function useDisposeOnUnmount(key: string, dispose: () => Promise<void>): void {
  const { cache } = useSWRConfig();
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
      // Deferred: StrictMode unmounts and immediately remounts.
      setTimeout(async () => {
        if (mounted.current) return;
        await dispose();
        for (const name of [...cache.keys()]) if (name.includes(key)) cache.delete(name);
      });
    };
  }, [key, dispose, cache]);
}
