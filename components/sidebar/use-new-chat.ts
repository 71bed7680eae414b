'use client';

import { usePathname, useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { focusComposer } from '@/lib/client/composer';

/** Goes to an empty chat; from an empty chat, into its message box. */
export function useNewChat(): () => void {
  const router = useRouter();
  const pathname = usePathname();
  return useCallback(() => {
    if (pathname === '/') focusComposer();
    else router.push('/');
  }, [router, pathname]);
}
