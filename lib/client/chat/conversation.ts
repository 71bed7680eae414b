/** Options and result of `useConversation`. */
import type { UIMessage } from 'ai';
import type { SendOutcome } from '@/lib/client/chat/chat-request';
import type { NewChatSettings } from '@/lib/protocol/chat-settings';
import type { StoredMessage } from '@/lib/protocol/messages';

export type ConversationOptions = {
  chatId: string;
  /** The stored messages. A running answer comes last and is followed. */
  initialMessages: StoredMessage[];
  /** The chat's `updatedAt` when they were read; null for a new chat. */
  updatedAt: string | null;
  /** Whether it had queued messages then. */
  hasQueue: boolean;
  /** The model to send to; null while unknown. */
  modelRef: string | null;
  /** Returns the settings that the first message carries; undefined once the chat exists. */
  getNewChatSettings: () => NewChatSettings | undefined;
  /**
   * Called when the server has accepted or rejected a message, also after unmounting.
   * @param hasNavigatedAway whether the page has left this conversation
   */
  onSendFinished: (outcome: SendOutcome, hasNavigatedAway: boolean) => void;
};

export type SendActions = {
  /** Resolves when the server accepts or rejects the text. A rejected send changes nothing. */
  send: (text: string) => Promise<SendOutcome>;
  /** Sends another version of a user message; it becomes its sibling. Otherwise like `send`. */
  edit: (messageId: string, text: string) => Promise<SendOutcome>;
  /**
   * Regenerates an answer; the new one becomes its sibling.
   * @param options.messageId default: the last answer, or the answer that the last message lacks
   * @param options.modelRef default: the chat's model
   */
  regenerate: (options?: { messageId?: string; modelRef?: string }) => void;
  /** Continues the last answer, which is incomplete, in the same message. */
  continueAnswer: () => void;
};

export type BranchActions = {
  /**
   * Selects the branch that contains this message, in all tabs that display the chat.
   * @param replacedId the displayed sibling of the message
   */
  selectBranch: (messageId: string, replacedId: string) => Promise<void>;
  /** Deletes a message and everything below it; a toast offers to undo it. */
  deleteBranch: (messageId: string) => Promise<void>;
};

/** Ids of all siblings, oldest first, by message id; only for messages that have siblings. */
export type Siblings = ReadonlyMap<string, readonly string[]>;

export type UseConversationResult = {
  messages: UIMessage[];
  /** 'waiting': requested, and no new content has arrived yet. */
  status: 'ready' | 'waiting' | 'streaming';
  stopping: boolean;
  /** The connection is lost; the answer continues on the server. */
  reconnecting: boolean;
  /** The answer is complete, but the server cannot save it yet. */
  unsaved: boolean;
  /** Why the user's last action failed. */
  errorMessage: string | null;
  setErrorMessage: (text: string | null) => void;
  /** Queues a message after the running answer. Otherwise like `send`. */
  queueMessage: (text: string) => Promise<SendOutcome>;
  /** Whether the chat may have queued messages. */
  usesQueue: boolean;
  /** Why the chat is no longer available; null while it is. */
  unavailableReason: string | null;
  /** Custom stream events so far; undefined at the start of a request. */
  streamEvents: unknown[] | undefined;
  /** Whether the current answer was requested on this page, not only followed. */
  startedHere: () => boolean;
  /** The model that generates the current answer; null if unknown. */
  awaitedModelRef: () => string | null;
  stop: () => void;
  siblings: Siblings;
} & BranchActions &
  SendActions;
