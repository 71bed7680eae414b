'use client';

import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { focusComposer } from '@/lib/client/composer';
import { useCurrentChat } from './use-current-chat';

/** Goes to an empty chat; from an empty chat, into its message box. */
export function useNewChat(): () => void {
  const router = useRouter();
  const inChat = useCurrentChat() !== undefined;
  return useCallback(() => {
    if (inChat) router.push('/');
    else focusComposer();
  }, [router, inChat]);
}
