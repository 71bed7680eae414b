'use client';

import type { UIMessage } from 'ai';
import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { toast } from '@/lib/client/browser/toast';
import { useDocumentState } from '@/lib/client/documents/document-store-context';

/**
 * Brings the message into view that a document points at, and the focus to it.
 * @param renderFrom draws the messages from this one on, where they are not yet
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
      toast.error('The message is not in this conversation any more: its answer was replaced.');
      return;
    }
    // After what covered the chat is gone.
    setTimeout(() => {
      flushSync(() => renderFrom(index));
      const message = document.getElementById(messageElementId(scrollTarget.messageId));
      if (!message) return;
      message.scrollIntoView({ block: 'start' });
      // Only now: a click into a message is not to move the focus there.
      message.tabIndex = -1;
      message.addEventListener('blur', () => message.removeAttribute('tabindex'), { once: true });
      message.focus({ preventScroll: true });
      message.animate([{ backgroundColor: 'var(--accent)' }, {}], { duration: 1_600 });
    });
  }, [scrollTarget, messages, renderFrom]);
}

/** The message's element on the page. */
export function messageElementId(messageId: string): string {
  return `message-${messageId}`;
}
