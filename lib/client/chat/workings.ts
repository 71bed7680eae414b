'use client';

/** What the parts of one conversation share: its useChat, its turn, and what the page shows of both. */
import type { UseChatHelpers } from '@ai-sdk/react';
import type { RefObject } from 'react';
import type { ConversationOptions } from '@/lib/client/chat/conversation';
import type { Kept } from '@/lib/client/chat/message-view';
import { beginTurn, type Turn } from '@/lib/client/chat/turn';
import { RequestError } from '@/lib/client/http';

export const THROTTLE_MS = 50;
/** After this time useChat's last throttled update has come. */
export const SETTLE_MS = THROTTLE_MS + 10;

/** The same object for the conversation's whole life; what changes is behind its refs. */
export type Workings = {
  chatId: string;
  /** useChat as of the last render. */
  chat: RefObject<UseChatHelpers>;
  /** The page's wishes as of the last render. */
  options: RefObject<ConversationOptions>;
  /** The request under way; null between turns. */
  turn: RefObject<Turn | null>;
  /** How many turns have begun on this page. */
  turns: RefObject<number>;
  /** Whether the page shows another chat by now, or a new one. */
  left: RefObject<boolean>;
  /** The chat's `updatedAt` as of which the messages are shown; null where that is not known. */
  seenAt: RefObject<string | null>;
  show: {
    /** Why something did not happen. */
    problem: (text: string | null) => void;
    stopping: (stopping: boolean) => void;
    reconnecting: (reconnecting: boolean) => void;
    unsaved: (unsaved: boolean) => void;
    /** The answer that is gone on with, as it was shown before. */
    kept: (kept: Kept | null) => void;
    /** The versions of messages that have several. */
    versions: (versions: ReadonlyMap<string, readonly string[]>) => void;
    /** Why the chat is not there any more. */
    gone: (reason: string | null) => void;
  };
};

/** Begins the books of a request that is about to be made. */
export function startTurn({ chat, turn, turns }: Workings, kind: Turn['kind']): Turn {
  const begun = beginTurn(kind, chat.current.messages);
  turn.current = begun;
  turns.current += 1;
  return begun;
}

/** A failure in words for the person. */
export function messageOf(error: unknown): string {
  return error instanceof RequestError ? error.message : 'Something went wrong. Try again.';
}
