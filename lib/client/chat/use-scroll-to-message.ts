'use client';

import type { UIMessage } from 'ai';
import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { toast } from '@/lib/client/browser/toast';
import { useDocumentState } from '@/lib/client/documents/document-store-context';

/**
 * Scrolls to the message that a document links to, and focuses it.
 * @param renderFrom renders the messages from this index on
 */
export function useScrollToMessage(
  messages: readonly UIMessage[],
  renderFrom: (index: number) => void,
): void {
  const scrollTarget = useDocumentState((snapshot) => snapshot.scrollTarget);
  const handledTarget = useRef(scrollTarget);
  useEffect(() => {
    if (!scrollTarget || scrollTarget === handledTarget.current) return;
    handledTarget.current = scrollTarget;
    const index = messages.findIndex(({ id }) => id === scrollTarget.messageId);
    if (index === -1) {
      toast.error('The message is no longer in this chat because its answer was replaced.');
      return;
    }
    // Deferred until the panel that covered the chat has closed.
    setTimeout(() => {
      flushSync(() => renderFrom(index));
      const message = document.getElementById(messageElementId(scrollTarget.messageId));
      if (!message) return;
      message.scrollIntoView({ block: 'start' });
      // Focusable only now: otherwise every click in a message would focus it.
      message.tabIndex = -1;
      message.addEventListener('blur', () => message.removeAttribute('tabindex'), { once: true });
      message.focus({ preventScroll: true });
      message.animate([{ backgroundColor: 'var(--accent)' }, {}], { duration: 1_600 });
    });
  }, [scrollTarget, messages, renderFrom]);
}

/** The DOM id of the message's element. */
export function messageElementId(messageId: string): string {
  return `message-${messageId}`;
}
