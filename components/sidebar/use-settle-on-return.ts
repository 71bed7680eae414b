'use client';

import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { useChatLocation } from './use-chat-location';

/**
 * Back and forward to a chat that began on this page visit would bring back the empty page of `/`
 * under the chat's address. Then the chat's own page is loaded in its place.
 */
export function useSettleOnReturn(): void {
  const router = useRouter();
  const pathname = usePathname();
  const { unsettled } = useChatLocation();
  const returned = useRef(false);

  useEffect(() => {
    const onPopState = () => {
      returned.current = true;
    };
    addEventListener('popstate', onPopState);
    return () => removeEventListener('popstate', onPopState);
  }, []);

  useEffect(() => {
    if (returned.current && unsettled) router.replace(pathname);
    returned.current = false;
  }, [router, pathname, unsettled]);
}
