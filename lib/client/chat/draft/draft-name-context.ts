'use client';

import { createContext, use, useCallback } from 'react';
import { NEW_CHAT_DRAFT_NAME } from '@/lib/client/chat/draft/draft-store';
import { MessageDraft } from '@/lib/client/chat/draft/message-draft';
import type { MessageExcerpt } from '@/lib/client/chat/message-excerpt';

/** The name of the draft of the surrounding chat. */
export const DraftNameContext = createContext(NEW_CHAT_DRAFT_NAME);

/** Returns a function that sets what the next message refers to. */
export function useSetExcerpt(): (excerpt: MessageExcerpt) => void {
  const name = use(DraftNameContext);
  return useCallback((excerpt) => MessageDraft.getOrCreate(name).setExcerpt(excerpt), [name]);
}
