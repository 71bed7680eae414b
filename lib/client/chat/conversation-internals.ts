'use client';

/** What the parts of one conversation share: its useChat, its turn, and what the page shows of both. */
import type { UseChatHelpers } from '@ai-sdk/react';
import type { RefObject } from 'react';
import { type ChatRequest, createChatRequest } from '@/lib/client/chat/chat-request';
import type { ConversationOptions } from '@/lib/client/chat/conversation';
import type { PartialAnswer } from '@/lib/client/chat/message-view';
import { RequestError } from '@/lib/client/http/api';

export const THROTTLE_MS = 50;
/** After this time useChat's last throttled update has come. */
export const LAST_UPDATE_MS = THROTTLE_MS + 10;

/** The same object for the conversation's whole life; what changes is behind its refs. */
export type ConversationInternals = {
  chatId: string;
  /** useChat as of the last render. */
  chat: RefObject<UseChatHelpers>;
  /** The page's wishes as of the last render. */
  options: RefObject<ConversationOptions>;
  /** The request under way; null between turns. */
  requestRef: RefObject<ChatRequest | null>;
  /** How many turns have begun on this page. */
  requestCount: RefObject<number>;
  /** Whether the page shows another chat by now, or a new one. */
  hasNavigatedAway: RefObject<boolean>;
  /** The chat's `updatedAt` as of which the messages are shown; null where that is not known. */
  snapshotUpdatedAt: RefObject<string | null>;
  setters: {
    /** Why something did not happen. */
    setErrorMessage: (text: string | null) => void;
    setStopping: (stopping: boolean) => void;
    setReconnecting: (reconnecting: boolean) => void;
    setUnsaved: (unsaved: boolean) => void;
    /** The answer that is gone on with, as it was shown before. */
    setPartialAnswer: (partialAnswer: PartialAnswer | null) => void;
    /** The versions of messages that have several. */
    setSiblings: (siblings: ReadonlyMap<string, readonly string[]>) => void;
    /** Why the chat is not there any more. */
    setUnavailableReason: (reason: string | null) => void;
  };
};

/** Begins the books of a request that is about to be made. */
export function startChatRequest(
  { chat, requestRef, requestCount }: ConversationInternals,
  kind: ChatRequest['kind'],
): ChatRequest {
  const request = createChatRequest(kind, chat.current.messages);
  requestRef.current = request;
  requestCount.current += 1;
  return request;
}

/** A failure in words for the person. */
export function toErrorMessage(error: unknown): string {
  return error instanceof RequestError ? error.message : 'Something went wrong. Try again.';
}
