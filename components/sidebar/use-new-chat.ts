'use client';

import { useCallback } from 'react';
import { focusComposer } from '@/lib/client/composer';
import { useGoTo } from '@/lib/client/navigation';
import { useCurrentChat } from './use-current-chat';

/** Goes to an empty chat; from an empty chat, into its message box. */
export function useNewChat(): () => void {
  const goTo = useGoTo();
  const inChat = useCurrentChat() !== undefined;
  return useCallback(() => {
    if (inChat) goTo('/');
    else focusComposer();
  }, [goTo, inChat]);
}
