'use client';

import { useEffect } from 'react';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';

const loadBubble = () => import('@/components/chat/quote-bubble');

/** Loads the button for quoting when the user first selects text. */
export function QuoteBubbleLoader() {
  const [QuoteBubble, requestBubble] = useLazyComponent(loadBubble);
  useEffect(() => {
    const onSelectionChange = () => {
      if (getSelection()?.isCollapsed === false) requestBubble();
    };
    document.addEventListener('selectionchange', onSelectionChange);
    return () => document.removeEventListener('selectionchange', onSelectionChange);
  }, [requestBubble]);
  return QuoteBubble && <QuoteBubble />;
}
