'use client';

import type { UIMessage } from 'ai';
import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { useArtifact } from '@/lib/client/artifact/context';
import { toast } from '@/lib/client/toast';

/**
 * Brings the message into view that a document points at, and the focus to it.
 * @param draw draws the messages from this one on, where they are not yet
 */
export function usePointed(messages: readonly UIMessage[], draw: (index: number) => void): void {
  const pointed = useArtifact((snapshot) => snapshot.pointed);
  const followed = useRef(pointed);
  useEffect(() => {
    if (!pointed || pointed === followed.current) return;
    followed.current = pointed;
    const index = messages.findIndex(({ id }) => id === pointed.messageId);
    if (index === -1) {
      toast.error('The message is not in this conversation any more: its answer was replaced.');
      return;
    }
    // After what covered the chat is gone.
    setTimeout(() => {
      flushSync(() => draw(index));
      const message = document.getElementById(elementIdOf(pointed.messageId));
      if (!message) return;
      message.scrollIntoView({ block: 'start' });
      // Only now: a click into a message is not to move the focus there.
      message.tabIndex = -1;
      message.addEventListener('blur', () => message.removeAttribute('tabindex'), { once: true });
      message.focus({ preventScroll: true });
      message.animate([{ backgroundColor: 'var(--accent)' }, {}], { duration: 1_600 });
    });
  }, [pointed, messages, draw]);
}

/** The message's element on the page. */
export function elementIdOf(messageId: string): string {
  return `message-${messageId}`;
}
