'use client';

import { useCallback, useMemo, useRef, useState } from 'react';
import type { SendOutcome } from '@/lib/client/chat/chat-request';

/** The message that is being edited; at most one per conversation. */
export type MessageEdit = {
  messageId: string | null;
  /** The text so far; undefined until it was changed. */
  draft: () => string | undefined;
  start: (messageId: string) => void;
  setDraft: (text: string) => void;
  /** Sends the text. The edit continues if it is rejected. */
  send: (text: string) => Promise<SendOutcome>;
  cancel: () => void;
};

/**
 * The state of the edit survives the row of its message, which disappears while the edit is being
 * sent.
 */
export function useMessageEdit(
  edit: (messageId: string, text: string) => Promise<SendOutcome>,
): MessageEdit {
  const [messageId, setMessageId] = useState<string | null>(null);
  const text = useRef<string | undefined>(undefined);

  const start = useCallback((id: string) => {
    text.current = undefined;
    setMessageId(id);
  }, []);
  const send = useCallback(
    async (editedText: string): Promise<SendOutcome> => {
      if (messageId === null) return 'rejected';
      const outcome = await edit(messageId, editedText);
      if (outcome === 'accepted')
        setMessageId((current) => (current === messageId ? null : current));
      return outcome;
    },
    [messageId, edit],
  );

  return useMemo(
    () => ({
      messageId,
      draft: () => text.current,
      start,
      setDraft: (changed) => {
        text.current = changed;
      },
      send,
      cancel: () => setMessageId(null),
    }),
    [messageId, start, send],
  );
}
