'use client';

/** State shared by the hooks of one conversation: useChat, the current request, display setters. */
import type { UseChatHelpers } from '@ai-sdk/react';
import type { Dispatch, RefObject, SetStateAction } from 'react';
import { type ChatRequest, createChatRequest } from '@/lib/client/chat/chat-request';
import type { ConversationOptions, Siblings } from '@/lib/client/chat/conversation';
import type { PartialAnswer } from '@/lib/client/chat/message-view';

/** One stable object per mounted conversation; values that change are in refs. */
export type ConversationInternals = {
  chatId: string;
  /** useChat as of the last render. */
  chat: RefObject<UseChatHelpers>;
  /** The options of the last render. */
  options: RefObject<ConversationOptions>;
  /** The current request; null between requests. */
  requestRef: RefObject<ChatRequest | null>;
  /** Number of requests started in this conversation. */
  requestCount: RefObject<number>;
  /** Whether the page has left this conversation. */
  hasNavigatedAway: RefObject<boolean>;
  /** Resolves when the page's last change of the active branch has its response. */
  pendingSelection: RefObject<Promise<unknown>>;
  /** The chat's `updatedAt` for which the messages are displayed; null if unknown. */
  snapshotUpdatedAt: RefObject<string | null>;
  setters: {
    setErrorMessage: (text: string | null) => void;
    setStopping: (stopping: boolean) => void;
    setReconnecting: (reconnecting: boolean) => void;
    setUnsaved: (unsaved: boolean) => void;
    /** The answer being continued, as it was displayed before. */
    setPartialAnswer: (partialAnswer: PartialAnswer | null) => void;
    /** The sibling ids of messages that have siblings. */
    setSiblings: Dispatch<SetStateAction<Siblings>>;
    /** Why the chat is no longer available. */
    setUnavailableReason: (reason: string | null) => void;
    /** Whether the chat may have queued messages, which are then fetched. */
    setUsesQueue: (usesQueue: boolean) => void;
  };
};

/** Creates the state of a request that is about to be sent and makes it the current one. */
export function startChatRequest(
  { chat, requestRef, requestCount }: ConversationInternals,
  kind: ChatRequest['kind'],
): ChatRequest {
  const request = createChatRequest(kind, chat.current.messages);
  requestRef.current = request;
  requestCount.current += 1;
  return request;
}
