'use client';

import { usePathname, useRouter } from 'next/navigation';
import { startTransition, useCallback } from 'react';
import { focusComposer } from '@/lib/client/composer';
import { useChatLocation } from './use-chat-location';

/** Goes to an empty chat; from an empty chat, into its message box. */
export function useNewChat(): () => void {
  const router = useRouter();
  const pathname = usePathname();
  const { unsettled } = useChatLocation();
  return useCallback(() => {
    if (pathname === '/') {
      focusComposer();
      return;
    }
    startTransition(() => {
      router.push('/');
      // To the router this page is `/` already: only a refresh brings a new one.
      if (unsettled) router.refresh();
    });
  }, [router, pathname, unsettled]);
}
