'use client';

import { useEffect, useState } from 'react';
import { ensureSession, getCurrentUser } from '@/lib/client/account/session';
import { useStore } from '@/lib/client/browser/store';
import { MessageDraft } from '@/lib/client/chat/draft/message-draft';
import type { MessageExcerpt } from '@/lib/client/chat/message-excerpt';

type UseMessageDraftResult = {
  draft: MessageDraft;
  text: string;
  excerpt: MessageExcerpt | null;
};

/**
 * Returns the draft of a chat and its content, for the message box.
 * @param name the chat's id, or NEW_CHAT_DRAFT_NAME
 */
export function useMessageDraft(name: string): UseMessageDraftResult {
  const [draft] = useState(() => MessageDraft.getOrCreate(name));
  const text = useStore(draft.textStore);
  const excerpt = useStore(draft.excerptStore);
  useEffect(() => draft.mount(), [draft]);
  useEffect(() => draft.rename(name), [draft, name]);
  // After hydration: the server has no drafts.
  useEffect(() => {
    // The storage keys contain the user id, which is known once there is a session.
    if (getCurrentUser()) draft.restore();
    else
      ensureSession().then(
        () => draft.restore(),
        () => {}, // Each save restores the draft first, once the user is known.
      );
  }, [draft]);
  useEffect(() => {
    addEventListener('pagehide', draft.flush);
    return () => removeEventListener('pagehide', draft.flush);
  }, [draft]);
  return { draft, text, excerpt };
}
